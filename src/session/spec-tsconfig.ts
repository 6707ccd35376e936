import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Writes a `tsconfig.json` that lets an editor and `tsc` understand specs and strategies in a
 * directory anywhere, beside a kernel tree for example: where "hil" is, and with it the types of mocha
 * and Node. `hil run` itself does not need it.
 *
 * @returns the path of the file
 */
export async function writeSpecTsconfig(directory: string): Promise<string> {
  const file = join(directory, 'tsconfig.json')
  await writeFile(file, `${JSON.stringify(specTsconfig(), null, 2)}\n`, { flag: 'wx' })
  return file
}

export function specTsconfig(): object {
  const runsFromSource = import.meta.url.endsWith('.ts')
  const types = fileURLToPath(new URL(`../index.${runsFromSource ? 'ts' : 'd.ts'}`, import.meta.url))
  return {
    compilerOptions: {
      target: 'es2023',
      lib: ['es2023', 'esnext.disposable'],
      module: 'preserve',
      moduleDetection: 'force',
      strict: true,
      noUncheckedIndexedAccess: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      noEmit: true,
      types: [],
      paths: { hil: [types] },
    },
    include: ['**/*.ts'],
  }
}
