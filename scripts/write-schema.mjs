// Writes what is made from schemas: those in schemas/, of environments for editors, of records of bisections and
// of what hil doctor found for other programs, and docs/drivers.md. Run by `npm run schema`, with a loader for TypeScript.
import { writeFile } from 'node:fs/promises'
import { catalogue } from '../src/app/catalogue.ts'
import { bisectionJsonSchema } from '../src/core/bisection-schema.ts'
import { examinationJsonSchema } from '../src/core/examination-schema.ts'
import { environmentJsonSchema } from '../src/environment/schema/json-schema.ts'
import { driversDocument } from './docs/drivers-document.mjs'

const root = new URL('../', import.meta.url)
for (const [name, schema] of [
  ['environment', environmentJsonSchema(catalogue)],
  ['bisection', bisectionJsonSchema()],
  ['doctor', examinationJsonSchema()],
]) {
  await writeFile(new URL(`schemas/${name}.schema.json`, root), `${JSON.stringify(schema, undefined, 2)}\n`)
}
await writeFile(new URL('docs/drivers.md', root), await driversDocument(catalogue))
