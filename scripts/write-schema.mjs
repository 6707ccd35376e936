// Writes what is made from schemas: those in schemas/, of environments for editors, of records of bisections and
// of what hil doctor found for other programs, docs/drivers.md and docs/drivers/. Run by `npm run schema`, with a loader for TypeScript.
import { writeFile } from 'node:fs/promises'
import { catalogue } from '../src/app/catalogue.ts'
import { bisectionJsonSchema } from '../src/core/bisection-schema.ts'
import { examinationJsonSchema } from '../src/core/examination-schema.ts'
import { environmentJsonSchema } from '../src/environment/schema/json-schema.ts'
import { driverDocuments } from './docs/drivers-document.mjs'

const root = new URL('../', import.meta.url)
for (const [name, schema] of [
  ['environment', environmentJsonSchema(catalogue)],
  ['bisection', bisectionJsonSchema()],
  ['doctor', examinationJsonSchema()],
]) {
  await writeFile(new URL(`schemas/${name}.schema.json`, root), `${JSON.stringify(schema, undefined, 2)}\n`)
}
for (const [path, text] of await driverDocuments(catalogue)) {
  await writeFile(new URL(`docs/${path}`, root), text)
}
