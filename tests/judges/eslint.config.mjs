// What the published schema must hold to, by the rules of @graphql-eslint: none of them is bent, but for `nodes`,
// which a connection of ours has beside its edges.
import graphql from '@graphql-eslint/eslint-plugin'

const described = {
  types: true, rootField: true, FieldDefinition: true, InputValueDefinition: true, EnumValueDefinition: true,
  DirectiveDefinition: true,
}

export default [{
  files: ['*.graphql'],
  languageOptions: {
    parser: graphql.parser,
    parserOptions: { graphQLConfig: { schema: process.env.SCHEMA } },
  },
  plugins: { '@graphql-eslint': graphql },
  rules: {
    '@graphql-eslint/relay-arguments': 'error',
    '@graphql-eslint/relay-connection-types': 'error',
    '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
    '@graphql-eslint/relay-page-info': 'error',
    '@graphql-eslint/require-description': ['error', described],
    '@graphql-eslint/no-unreachable-types': 'error',
    '@graphql-eslint/require-deprecation-reason': 'error',
  },
}]
