// The client of graphql-ws alone: everything over one websocket.
import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { CONTRIBUTE, HEARD, SPACE, bearer, slug, socket, words } from './documents.mjs'

const client = (authorization, more = {}) => createClient({
  url: socket, webSocketImpl: WebSocket, retryAttempts: 0, ...more,
  connectionParams: authorization ? { authorization } : undefined,
})
const participant = client(bearer, { lazy: false, onNonLazyError: () => {} })
const visitor = client()
after(async () => { await participant.dispose(); await visitor.dispose() })

async function ask(from, query, variables) {
  const answers = []
  for await (const answer of from.iterate({ query, variables })) answers.push(answer)
  assert.equal(answers.length, 1)
  return answers[0]
}

const { data: { space } } = await ask(participant, SPACE, { slug })

test('a query is answered', () => assert.equal(space.state, 'OPEN'))

test('a refusal is data, and has its type', async () => {
  const { data } = await ask(visitor, CONTRIBUTE, { input: words(space.id, 'No') })
  assert.equal(data.contribute.__typename, 'NotAllowed')
})

test('an error has its code', async () => {
  await assert.rejects(ask(visitor, '{ nothingLikeThis }'), (errors) => {
    assert.equal(errors[0].extensions.code, 'VALIDATION_FAILED')
    return true
  })
})

test('a token that is not valid closes, and says why', async () => {
  await assert.rejects(ask(client('Bearer nobody'), SPACE, { slug }), (closed) => {
    assert.equal(closed.code, 4403)
    assert.match(closed.reason, /UNAUTHENTICATED/)
    return true
  })
})

test('a subscription hears a change of the same socket, and ends when it is left', async () => {
  const heard = participant.iterate({ query: HEARD, variables: { space: space.id } })
  const first = heard.next()
  await new Promise((resolve) => setTimeout(resolve, 500))
  const { data } = await ask(participant, CONTRIBUTE, { input: words(space.id, 'A socket is heard') })
  assert.equal(data.contribute.__typename, 'Contribution')
  assert.equal((await first).value.data.contributionPublished.title, 'A socket is heard')
  assert.equal((await heard.return()).done, true)
})

test('a subscription that is not allowed is refused by its code', async () => {
  await assert.rejects(ask(visitor, HEARD, { space: 'nowhere' }), (errors) => {
    assert.match(errors[0].extensions.code, /^(NOT_FOUND|BAD_VARIABLES)$/)
    return true
  })
})
