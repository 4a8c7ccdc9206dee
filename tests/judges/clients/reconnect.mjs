// A listener whose server goes away and comes back: it says when it is connected, and each title that it hears.
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { HEARD, SPACE, bearer, slug, socket, url } from './documents.mjs'

const headers = { 'content-type': 'application/json' }
const asked = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: SPACE, variables: { slug } }) })
const { data: { space } } = await asked.json()

const client = createClient({
  url: socket, webSocketImpl: WebSocket, connectionParams: { authorization: bearer }, retryAttempts: 100,
  shouldRetry: () => true, retryWait: () => new Promise((resolve) => setTimeout(resolve, 200)),
  on: { connected: () => console.log(JSON.stringify({ connected: space.id })) },
})
client.subscribe({ query: HEARD, variables: { space: space.id } }, {
  next: ({ data }) => console.log(JSON.stringify({ heard: data.contributionPublished.title })),
  error: (error) => { console.error(error); process.exit(1) },
  complete: () => {},
})
