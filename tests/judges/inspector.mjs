// What changed between two schemas, as lines of JSON, by @graphql-inspector: {level, path, message}.
import { readFileSync } from 'node:fs'
import { diff } from '@graphql-inspector/core'
import { buildSchema } from 'graphql'

const [before, now] = process.argv.slice(2).map((path) => buildSchema(readFileSync(path, 'utf8')))

for (const { criticality, path, message } of await diff(before, now)) {
  console.log(JSON.stringify({ level: criticality.level, path, message }))
}
