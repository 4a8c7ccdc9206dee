// What each client asks, as a front end would: the same documents for all of them.
export const slug = 'centre-val-de-loire'
export const url = process.argv[2]
export const socket = url.replace(/^http/, 'ws')
export const bearer = `Bearer ${process.env.TOKEN}`

export const SPACE = `query Space($slug: String!) { space(slug: $slug) { id title state viewerCan } }`

export const PAGE = `query Page($slug: String!, $after: String) {
  space(slug: $slug) {
    id
    contributions(scope: SUBTREE, order: OLDEST, first: 5, after: $after) {
      totalCount
      edges { cursor node { id title } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`

export const CONTRIBUTE = `mutation Contribute($input: ContributeInput!, $key: String) {
  contribute(input: $input, idempotencyKey: $key) {
    __typename
    ... on Contribution { id title }
    ... on Refusal { code message }
    ... on InvalidInput { problems { path message } }
  }
}`

export const HEARD = `subscription Heard($space: ID!) { contributionPublished(space: $space) { id title } }`

export const words = (space, title) => ({ space, title, text: 'Said by a judge.', kind: 'IDEA' })
