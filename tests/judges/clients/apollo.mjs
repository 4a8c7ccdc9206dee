// Apollo Client: queries, refusals, errors, pages of a cache, changes sent twice, subscriptions.
import assert from 'node:assert/strict'
import test from 'node:test'
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, ServerError, gql } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { OperationTypeNode } from 'graphql'
import { relayStylePagination } from '@apollo/client/utilities'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { CONTRIBUTE, HEARD, PAGE, SPACE, bearer, slug, socket, url, words } from './documents.mjs'

const sockets = createClient({
  url: socket, webSocketImpl: WebSocket, lazyCloseTimeout: 0, connectionParams: { authorization: bearer },
})

function client(authorization) {
  const headers = authorization ? { authorization } : {}
  const isLive = ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION
  return new ApolloClient({
    link: ApolloLink.split(isLive, new GraphQLWsLink(sockets), new HttpLink({ uri: url, headers })),
    cache: new InMemoryCache({
      possibleTypes: { Refusal: ['NotAllowed', 'Conflict', 'InvalidInput', 'TooManyRequests'] },
      typePolicies: { Space: { fields: { contributions: relayStylePagination(['scope', 'order', 'filter']) } } },
    }),
  })
}

const visitor = client()
const participant = client(bearer)
const { data: { space } } = await participant.query({ query: gql(SPACE), variables: { slug } })

test('a query is answered', () => {
  assert.equal(space.state, 'OPEN')
  assert(space.viewerCan.includes('CONTRIBUTION_CONTRIBUTE'), space.viewerCan.join())
})

test('a refusal is data, and has its type', async () => {
  const { data } = await visitor.mutate({ mutation: gql(CONTRIBUTE), variables: { input: words(space.id, 'No') } })
  assert.equal(data.contribute.__typename, 'NotAllowed')
  assert.equal(data.contribute.code, 'SIGN_IN_FIRST')
})

test('what is wrong with an input is told by its place', async () => {
  const { data } = await participant.mutate({ mutation: gql(CONTRIBUTE), variables: { input: words(space.id, ' ') } })
  assert.equal(data.contribute.__typename, 'InvalidInput')
  assert.deepEqual(data.contribute.problems.map((one) => one.path), ['input.title'])
})

test('an error has its code', async () => {
  await assert.rejects(visitor.query({ query: gql`{ nothingLikeThis }` }), (error) => {
    assert(CombinedGraphQLErrors.is(error), String(error))
    assert.equal(error.errors[0].extensions.code, 'VALIDATION_FAILED')
    return true
  })
})

test('a token that is not valid is an error of the transport', async () => {
  await assert.rejects(client('Bearer nobody').query({ query: gql(SPACE), variables: { slug } }), (error) => {
    assert(ServerError.is(error) || CombinedGraphQLErrors.is(error), String(error))
    assert.match(JSON.stringify(error.bodyText ?? error.errors), /UNAUTHENTICATED/)
    return true
  })
})

test('pages are one list in the cache', async () => {
  const watched = visitor.watchQuery({ query: gql(PAGE), variables: { slug } })
  let shown
  let { endCursor } = (await new Promise((resolve) => watched.subscribe((now) => {
    shown = now.data
    if (!now.loading) resolve(now.data)
  }))).space.contributions.pageInfo
  for (let page = 1; page < 3; page++) {
    const more = await watched.fetchMore({ variables: { after: endCursor } })
    endCursor = more.data.space.contributions.pageInfo.endCursor
    await new Promise((resolve) => setTimeout(resolve))
  }
  const { edges, pageInfo, totalCount } = shown.space.contributions
  assert.equal(new Set(edges.map(({ node }) => node.id)).size, 15)
  assert.deepEqual([edges.length, pageInfo.hasNextPage, totalCount > 15], [15, true, true])
})

test('a change sent twice with one key happens once', async () => {
  const variables = { input: words(space.id, 'Apollo said it once'), key: `apollo-${process.pid}` }
  const send = () => participant.mutate({ mutation: gql(CONTRIBUTE), variables })
  const [first, second] = [await send(), await send()]
  assert.equal(first.data.contribute.__typename, 'Contribution')
  assert.equal(second.data.contribute.id, first.data.contribute.id)
  const kept = participant.cache.identify(second.data.contribute)
  assert.equal(participant.cache.extract()[kept].title, 'Apollo said it once')
  const other = { input: words(space.id, 'Another one'), key: variables.key }
  const { data } = await participant.mutate({ mutation: gql(CONTRIBUTE), variables: other })
  assert.equal(data.contribute.__typename, 'Conflict')
})

test('a subscription hears a change', async () => {
  const opened = new Promise((resolve) => sockets.on('connected', resolve))
  const heard = new Promise((resolve, reject) => {
    participant.subscribe({ query: gql(HEARD), variables: { space: space.id } }).subscribe({ next: resolve, error: reject })
  })
  await opened
  await new Promise((resolve) => setTimeout(resolve, 500))  // it is subscribed to right after
  await participant.mutate({ mutation: gql(CONTRIBUTE), variables: { input: words(space.id, 'Apollo is heard') } })
  assert.equal((await heard).data.contributionPublished.title, 'Apollo is heard')
  await sockets.dispose()
})
