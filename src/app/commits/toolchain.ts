import { arch } from 'node:os'
import { execa } from 'execa'
import { HilError } from '../../core/errors.ts'
import { findProgram } from '../../core/find-program.ts'

/** What kernels are compiled with: the same in all steps. */
export interface Toolchain {
  /** `ARCH`, `CROSS_COMPILE`, `CC` and the like, for make. */
  readonly variables: readonly string[]
  /** Tells one compiler from another. */
  readonly identity: string
}

export interface ToolchainChoice {
  /** As in `ARCH=`. */
  readonly architecture: string
  readonly crossCompile: string | undefined
}

/** By `ARCH`; what compiles for this very machine needs no prefix. */
const prefixes: Readonly<Record<string, readonly string[]>> = {
  arm64: ['aarch64-linux-gnu-', 'aarch64-none-linux-gnu-', 'aarch64-unknown-linux-gnu-'],
  arm: ['arm-linux-gnueabihf-', 'arm-linux-gnueabi-', 'arm-none-linux-gnueabihf-'],
  riscv: ['riscv64-linux-gnu-', 'riscv64-unknown-linux-gnu-'],
  x86: ['x86_64-linux-gnu-'],
}

/** How Node names the machines that compile for these themselves. */
const machines: Readonly<Record<string, string>> = {
  arm64: 'arm64',
  arm: 'arm',
  riscv: 'riscv64',
  x86: 'x64',
}

/** @throws HilError `commits.build-tool` (environment) for what is not installed */
export async function findToolchain({ architecture, crossCompile }: ToolchainChoice): Promise<Toolchain> {
  for (const program of ['make', 'flex', 'bison']) await need(program)
  const llvm = process.env['LLVM']
  const prefix = crossCompile ?? process.env['CROSS_COMPILE'] ?? (llvm ? '' : await guessPrefix(architecture))
  const compiler = llvm === undefined || llvm === '' ? `${prefix}gcc` : llvmCompiler(llvm)
  const program = await need(process.env['CC'] ?? compiler)
  const { stdout } = await execa(program, ['--version'], { reject: false, env: { LC_ALL: 'C' } })
  const cache = await findProgram('ccache')
  const isPlain = process.env['CC'] === undefined && (llvm === undefined || llvm === '' || llvm === '1')
  return {
    variables: [
      `ARCH=${architecture}`,
      ...(prefix === '' ? [] : [`CROSS_COMPILE=${prefix}`]),
      ...(cache === undefined || !isPlain ? [] : [`CC=ccache ${compiler}`]),
    ],
    identity: stdout.split('\n')[0] ?? program,
  }
}

/** `LLVM=1`, `LLVM=-15` or `LLVM=/opt/llvm/bin/`, see Documentation/kbuild/llvm.rst. */
function llvmCompiler(llvm: string): string {
  if (llvm.startsWith('-')) return `clang${llvm}`
  return llvm.endsWith('/') ? `${llvm}clang` : 'clang'
}

async function guessPrefix(architecture: string): Promise<string> {
  if (machines[architecture] === arch()) return ''
  const known = prefixes[architecture] ?? []
  for (const prefix of known) if ((await findProgram(`${prefix}gcc`)) !== undefined) return prefix
  throw missing(
    `a compiler for ${architecture}`,
    `install gcc-${known[0]?.replace(/-$/, '') ?? architecture}, or say which one (--cross-compile)`,
  )
}

async function need(name: string): Promise<string> {
  const found = await findProgram(name)
  if (found === undefined) throw missing(name, 'install it')
  return found
}

function missing(what: string, todo: string): HilError {
  return new HilError(
    'commits.build-tool',
    `${what} is not in PATH, and building kernels needs it: ${todo}`,
    {
      blame: 'environment',
      details: { what },
    },
  )
}
