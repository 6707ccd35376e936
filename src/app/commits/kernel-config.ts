import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'

/** The configuration that all commits are built with. */
export interface PinnedConfig {
  /** Where it was read. */
  readonly file: string
  readonly text: string
  readonly sha256: string
  /** As in `ARCH=`, where it says so itself. */
  readonly architecture: string | undefined
}

export interface ConfigSources {
  /** `--config` */
  readonly config: string | undefined
  readonly tree: string
  readonly objects: string | undefined
}

/**
 * Reads the configuration once, for all steps.
 * @param kept what an earlier part of the bisection has kept: what becomes of the file since changes nothing
 * @throws HilError `commits.no-config` (environment)
 */
export async function pinConfig(sources: ConfigSources, kept: string | undefined): Promise<PinnedConfig> {
  const there = kept === undefined ? undefined : await readFile(kept, 'utf8').catch(() => undefined)
  if (kept !== undefined && there !== undefined) return parse(there, kept)
  const { config, tree, objects = tree } = sources
  const file = config ?? join(objects, '.config')
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const what =
      config === undefined
        ? `${objects} has no .config: configure it as the kernel that fails was, or name its configuration (--config)`
        : `${file} can't be read as a kernel configuration: ${reasonOf(cause)}`
    throw noConfig(what, file, cause)
  })
  if (/^CONFIG_\w+=/m.test(text)) return parse(text, file)
  throw noConfig(`${file} is no kernel configuration: no line begins with CONFIG_`, file)
}

function noConfig(sentence: string, file: string, cause?: unknown): HilError {
  return new HilError('commits.no-config', sentence, { blame: 'environment', details: { file }, cause })
}

function parse(text: string, file: string): PinnedConfig {
  return {
    file,
    text,
    sha256: createHash('sha256').update(text).digest('hex'),
    architecture: /^# Linux\/(\S+) /m.exec(text)?.[1],
  }
}

/** What follows from others, the compiler or the architecture, and is nobody's choice. */
const derived = /^(?:CC|GCC|CLANG|AS|LD|LLD|PAHOLE|RUSTC|HAVE|ARCH_\w+|TOOLS_SUPPORT|GENERIC)_/

const namedSymbols = 5

/**
 * What `olddefconfig` could not keep of the pinned configuration, in a sentence: a symbol that the commit does not know
 * yet, or that depends on something else there, is a difference that is not in the code.
 * @returns undefined when it kept all
 */
export function describeConfigChanges(pinned: string, made: string): string | undefined {
  const [before, after] = [symbolsOf(pinned), symbolsOf(made)]
  const lost: string[] = []
  const changed: string[] = []
  for (const [name, value] of before) {
    if (derived.test(name)) continue
    const now = after.get(name)
    if (now === undefined) lost.push(name)
    else if (now !== value) changed.push(`${name} (${value} is now ${now})`)
  }
  const parts = [
    ...(lost.length > 0 ? [`${listed(lost)} off`] : []),
    ...(changed.length > 0 ? [`other values for ${listed(changed)}`] : []),
  ]
  return parts.length === 0 ? undefined : `the pinned configuration gives here: ${parts.join('; ')}`
}

/** Those that are set: `CONFIG_A=y`; a symbol that is not is only mentioned in a comment. */
function symbolsOf(config: string): ReadonlyMap<string, string> {
  return new Map(
    [...config.matchAll(/^CONFIG_(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  )
}

function listed(names: readonly string[]): string {
  const first = names.slice(0, namedSymbols).join(', ')
  return names.length > namedSymbols ? `${first} and ${names.length - namedSymbols} more` : first
}
