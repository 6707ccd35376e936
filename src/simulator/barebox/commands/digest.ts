import { createHash } from 'node:crypto'
import { FileTreeError, resolvePath } from '../../files/file-tree.ts'
import type { Barebox } from '../barebox.ts'
import { UsageError, parseOptions, type Command } from './command.ts'

/** `md5sum` and its like: the digest of files, and of what was loaded into memory. */
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
          const area = parseArea(operand)
          const bytes =
            area === undefined
              ? await barebox.files.readBytes(resolvePath(barebox.directory, operand))
              : readMemory(barebox, area)
          const sum = createHash(algorithm).update(bytes).digest('hex')
          await barebox.print(`${sum}  ${area === undefined ? operand : showArea(area)}\n`)
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

interface Area {
  readonly start: number
  readonly size: number
}

/** `START+SIZE`, as in `0x40200000+0x1000`. */
function parseArea(text: string): Area | undefined {
  const [, start, size] = /^(0x[\da-f]+|\d+)\+(0x[\da-f]+|\d+)$/i.exec(text) ?? []
  return start === undefined || size === undefined ? undefined : { start: Number(start), size: Number(size) }
}

function readMemory({ memory, hardware }: Barebox, { start, size }: Area): Uint8Array {
  const bytes = memory.read(start, size)
  if (bytes !== undefined) return bytes
  hardware.unsupported('barebox: the digest of memory that nothing was loaded to')
  return new Uint8Array(0)
}

function showArea({ start, size }: Area): string {
  const hex = (value: number) => `0x${value.toString(16).padStart(8, '0')}`
  return `/dev/mem\t${hex(start)} ... ${hex(start + size)}`
}
