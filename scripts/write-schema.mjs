// Writes what is made from the schemas of all drivers: schemas/environment.schema.json, which editors read, and
// docs/drivers.md. Run by `npm run schema`, with a loader for TypeScript.
import { writeFile } from 'node:fs/promises'
import { catalogue } from '../src/app/catalogue.ts'
import { environmentJsonSchema } from '../src/environment/json-schema.ts'
import { driversDocument } from './docs/drivers-document.mjs'

const root = new URL('../', import.meta.url)
const schema = `${JSON.stringify(environmentJsonSchema(catalogue), undefined, 2)}\n`
await writeFile(new URL('schemas/environment.schema.json', root), schema)
await writeFile(new URL('docs/drivers.md', root), await driversDocument(catalogue))
