import { findProgram } from '../../core/find-program.ts'
import { HilError, messageOf } from '../../core/errors.ts'

/** One function at a place, the innermost first where the compiler put one into another. */
export interface SourceCall {
  readonly function: string
  /** As the compiler was given it. */
  readonly file: string
  readonly line: number
}

/** Tools of each machine, by `e_machine` (System V ABI and its supplements). */
const triples: Readonly<Record<number, string>> = {
  3: 'i686-linux-gnu',
  20: 'powerpc-linux-gnu',
  21: 'powerpc64le-linux-gnu',
  22: 's390x-linux-gnu',
  40: 'arm-linux-gnueabihf',
  62: 'x86_64-linux-gnu',
  183: 'aarch64-linux-gnu',
  243: 'riscv64-linux-gnu',
}

/**
 * The program that reads the debug information of a machine's files.
 * @throws HilError `symbols.no-addr2line` (environment) where there is none
 */
export async function findAddr2line(machine: number): Promise<string> {
  const triple = triples[machine]
  const names = [...(triple === undefined ? [] : [`${triple}-addr2line`]), 'llvm-addr2line', 'addr2line']
  for (const name of names) {
    const program = await findProgram(name)
    if (program !== undefined) return program
  }
  throw new HilError(
    'symbols.no-addr2line',
    `traces are not symbolised: no addr2line was found; install binutils${triple === undefined ? '' : `-${triple.replace('_', '-')}`} or llvm`,
    { blame: 'environment', details: { machine, names } },
  )
}

/**
 * Source lines of addresses, in their order; nothing for one that is not known.
 * @param section of a file that was not linked: what the addresses are counted from
 * @throws HilError `symbols.failed` (environment)
 */
export async function sourceCalls(
  program: string,
  file: string,
  addresses: readonly bigint[],
  section: string | undefined,
  signal: AbortSignal,
): Promise<readonly (readonly SourceCall[])[]> {
  const { execa } = await import('execa')
  // LLVM's knows no sections, and takes an address for one in any of them.
  const within = section === undefined || program.endsWith('llvm-addr2line') ? [] : ['-j', section]
  const hex = addresses.map((address) => `0x${address.toString(16)}`)
  try {
    const { stdout } = await execa(program, ['-a', '-f', '-i', ...within, '-e', file], {
      input: `${hex.join('\n')}\n`,
      cancelSignal: signal,
      stderr: 'ignore',
    })
    return parse(stdout)
  } catch (error) {
    throw new HilError('symbols.failed', `${program} could not read ${file}: ${messageOf(error)}`, {
      blame: 'environment',
      details: { program, file },
      cause: error,
    })
  }
}

/** An address, then pairs of lines: a function, and `file:line (discriminator 3)`. */
function parse(output: string): readonly (readonly SourceCall[])[] {
  const found: SourceCall[][] = []
  let name: string | undefined
  for (const line of output.split('\n')) {
    if (/^0x[0-9a-f]+$/.test(line)) {
      found.push([])
      name = undefined
    } else if (name === undefined) {
      name = line
    } else {
      const [, file, number] = /^(.*):(\d+)(?: \(discriminator \d+\))?$/.exec(line) ?? []
      if (file !== undefined && file !== '??')
        found.at(-1)?.push({ function: name, file, line: Number(number) })
      name = undefined
    }
  }
  return found
}
