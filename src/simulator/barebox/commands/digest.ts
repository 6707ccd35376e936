import { createHash } from 'node:crypto'
import { toBytes } from '../../binary.ts'
import { FileTreeError, resolvePath } from '../../files/file-tree.ts'
import { UsageError, parseOptions, type Command } from './command.ts'

/** `md5sum` and its like: the digest of files. Of memory areas it is not simulated. */
export const digests: Readonly<Record<string, Command>> = Object.fromEntries(
  ['md5', 'sha1', 'sha224', 'sha256'].map((algorithm) => [`${algorithm}sum`, digest(algorithm)]),
)

function digest(algorithm: string): Command {
  const name = algorithm.toUpperCase()
  return {
    summary: `calculate ${name} ${algorithm === 'md5' ? 'checksum' : 'digest'}`,
    usage: algorithm === 'md5' ? 'FILE|AREA...' : 'FILE|AREA',
    run: async ({ barebox, argv }) => {
      const { operands } = parseOptions(argv, '')
      if (operands.length === 0) throw new UsageError()
      let status = 0
      for (const operand of operands) {
        try {
          const text = await barebox.files.read(resolvePath(barebox.directory, operand))
          const sum = createHash(algorithm).update(toBytes(text)).digest('hex')
          await barebox.print(`${sum}  ${operand}\n`)
        } catch (error) {
          if (!(error instanceof FileTreeError)) throw error
          await barebox.print(`${operand}: ${error.message}\n`)
          status = 1
        }
      }
      return status
    },
  }
}
