// urql with its normalised cache: queries, refusals, errors, pages of a cache, changes sent twice, subscriptions.
import assert from 'node:assert/strict'
import test from 'node:test'
import { Client, fetchExchange, subscriptionExchange } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { relayPagination } from '@urql/exchange-graphcache/extras'
import { getIntrospectionQuery } from 'graphql'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { CONTRIBUTE, HEARD, PAGE, SPACE, bearer, slug, socket, url, words } from './documents.mjs'

const sockets = createClient({
  url: socket, webSocketImpl: WebSocket, lazyCloseTimeout: 0, connectionParams: { authorization: bearer },
})

const described = await fetch(url, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: getIntrospectionQuery() }),
})
const { data: schema } = await described.json()

function client(authorization) {
  return new Client({
    url,
    preferGetMethod: false,
    fetchOptions: { headers: authorization ? { authorization } : {} },
    exchanges: [
      cacheExchange({ schema, resolvers: { Space: { contributions: relayPagination() } } }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({ unsubscribe: sockets.subscribe({ query, variables }, sink) }),
        }),
      }),
    ],
  })
}

const visitor = client()
const participant = client(bearer)
const { data: { space } } = await participant.query(SPACE, { slug })

test('a query is answered', () => assert.equal(space.state, 'OPEN'))

test('a refusal is data, and has its type', async () => {
  const { data, error } = await visitor.mutation(CONTRIBUTE, { input: words(space.id, 'No') })
  assert.equal(error, undefined)
  assert.equal(data.contribute.__typename, 'NotAllowed')
  assert.equal(data.contribute.code, 'SIGN_IN_FIRST')
})

test('an error has its code', async () => {
  const { error } = await visitor.query('{ nothingLikeThis }', {})
  assert.equal(error.graphQLErrors[0].extensions.code, 'VALIDATION_FAILED')
})

test('a token that is not valid is an error', async () => {
  const { error } = await client('Bearer nobody').query(SPACE, { slug })
  assert.equal(error.graphQLErrors[0]?.extensions.code, 'UNAUTHENTICATED', String(error))
})

test('pages are one list in the cache', async () => {
  let after = null
  let page
  for (let number = 0; number < 3; number++) {
    page = (await visitor.query(PAGE, { slug, after })).data.space.contributions
    after = page.pageInfo.endCursor
  }
  assert.equal(page.edges.length, 15)
  assert.equal(new Set(page.edges.map(({ node }) => node.id)).size, 15)
})

test('a change sent twice with one key happens once', async () => {
  const variables = { input: words(space.id, 'urql said it once'), key: `urql-${process.pid}` }
  const [first, second] = [await participant.mutation(CONTRIBUTE, variables), await participant.mutation(CONTRIBUTE, variables)]
  assert.equal(first.data.contribute.__typename, 'Contribution')
  assert.equal(second.data.contribute.id, first.data.contribute.id)
})

test('a subscription hears a change', async () => {
  const opened = new Promise((resolve) => sockets.on('connected', resolve))
  const heard = new Promise((resolve) => {
    const { unsubscribe } = participant.subscription(HEARD, { space: space.id }).subscribe((result) => {
      resolve(result)
      setTimeout(() => unsubscribe())
    })
  })
  await opened
  await new Promise((resolve) => setTimeout(resolve, 500))  // it is subscribed to right after
  await participant.mutation(CONTRIBUTE, { input: words(space.id, 'urql is heard') })
  assert.equal((await heard).data.contributionPublished.title, 'urql is heard')
  await sockets.dispose()
})
