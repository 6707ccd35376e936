// Writes schemas/environment.schema.json, which editors read, from the schemas of all drivers.
// Run by `npm run schema`, with a loader for TypeScript.
import { writeFile } from 'node:fs/promises'
import { catalogue } from '../src/app/catalogue.ts'
import { environmentJsonSchema } from '../src/environment/json-schema.ts'

const file = new URL('../schemas/environment.schema.json', import.meta.url)
await writeFile(file, `${JSON.stringify(environmentJsonSchema(catalogue), undefined, 2)}\n`)
