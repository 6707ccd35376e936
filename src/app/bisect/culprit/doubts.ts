import type { ChangedFile } from './commit-diff.ts'
import { withoutComments } from './strip-comments.ts'

/** A commit that is about to be named, as far as it tells whether it can have done anything. */
export interface NamedCommit {
  readonly subject: string
  readonly parents: number
  /** Names that releases have: `v6.18-rc1`. */
  readonly tags: readonly string[]
  readonly files: readonly ChangedFile[]
}

/** What the kernel runs on. */
export interface CulpritTarget {
  /** As the directory below `arch/` is called. */
  readonly architecture: string
  /** Of all boards. */
  readonly compatible: readonly string[]
}

/** Why a commit is an odd one to have made a change. */
export interface Doubt {
  readonly kind:
    | 'merge'
    | 'release'
    | 'comments'
    | 'documentation'
    | 'tests'
    | 'other-architecture'
    | 'other-board'
    | 'configuration'
  /** One clause about the commit. */
  readonly sentence: string
}

/**
 * What speaks against a commit that the runs speak for: such a result is more often luck, a stale build, or the work of
 * a merge than true. It is told, and the person judges.
 */
export function doubtsAbout(commit: NamedCommit, target: CulpritTarget): readonly Doubt[] {
  const { subject, parents, tags, files } = commit
  const doubts: Doubt[] = []
  if (parents > 1) {
    doubts.push({ kind: 'merge', sentence: 'it is a merge: what two histories do together is the change' })
  }
  const release = /^Linux \d/.test(subject) ? subject : tags.find((tag) => /^v\d+\.\d+/.test(tag))
  if (release !== undefined) {
    doubts.push({ kind: 'release', sentence: `it is a release (${release}), which changes only its name` })
  }
  if (parents > 1 || files.length === 0) return doubts
  const effective = files.filter((file) => !isDocumentation(file.path) && !isCommentChange(file))
  if (effective.length === 0) doubts.push(withoutEffect(files))
  else {
    const doubt = aimedElsewhere(effective, target)
    if (doubt !== undefined) doubts.push(doubt)
  }
  return doubts
}

function withoutEffect(files: readonly ChangedFile[]): Doubt {
  return files.every(({ path }) => isDocumentation(path))
    ? { kind: 'documentation', sentence: 'it changes only documentation' }
    : { kind: 'comments', sentence: 'it changes only comments and white space' }
}

function aimedElsewhere(files: readonly ChangedFile[], target: CulpritTarget): Doubt | undefined {
  const all = (is: (file: ChangedFile) => boolean) => files.every(is)
  if (all(({ path }) => isOffKernel(path))) {
    return {
      kind: 'tests',
      sentence: 'it changes only tests, tools and samples, which are no part of the kernel',
    }
  }
  if (all(({ path }) => isElsewhere(path, target.architecture))) {
    const others = [...new Set(files.flatMap(({ path }) => architectureOf(path) ?? []))]
    return {
      kind: 'other-architecture',
      sentence: `it changes only files of other architectures (${others.join(', ')}), and the board is ${target.architecture}`,
    }
  }
  if (all((file) => isOtherBoard(file, target.compatible))) {
    const names = files.map(({ path }) => path.replace(/^.*\//, ''))
    return {
      kind: 'other-board',
      sentence: `it changes only the device trees of other boards (${names.join(', ')})`,
    }
  }
  if (all(({ path }) => /(?:^|\/)Kconfig[^/]*$|configs\/[^/]*$/.test(path))) {
    return {
      kind: 'configuration',
      sentence:
        'it changes only what can be configured, or a default: compare the configurations before and after it',
    }
  }
  return undefined
}

function isDocumentation(path: string): boolean {
  return (
    /^(?:Documentation|LICENSES)\//.test(path) ||
    /(?:^|\/)(?:MAINTAINERS|CREDITS|README[^/]*|COPYING|CHANGELOG[^/]*|\.mailmap|\.gitignore|\.get_maintainer\.ignore)$|\.(?:rst|md|txt)$/.test(
      path,
    )
  )
}

function isOffKernel(path: string): boolean {
  // What is in tools/ is for who builds or measures; some of it compiles parts of the kernel.
  return /^(?:tools\/(?!objtool|build|bpf\/resolve_btfids)|samples\/)/.test(path)
}

function isCommentChange({ path, before, after, isBinary }: ChangedFile): boolean {
  if (isBinary || before === undefined || after === undefined) return false
  const bare = withoutComments(path, before)
  return bare !== undefined && bare === withoutComments(path, after)
}

function architectureOf(path: string): string | undefined {
  return /^(?:tools\/)?arch\/([^/]+)\//.exec(path)?.[1]
}

/** arm64 takes device trees, and code for Xen, from arm; uml takes x86. */
function isElsewhere(path: string, architecture: string): boolean {
  const own = architectureOf(path)
  if (own === undefined || own === architecture) return false
  if (architecture === 'arm64' && /^arch\/arm\/(?:boot\/dts|xen)\//.test(path)) return false
  return !(architecture === 'um' && own === 'x86')
}

/** A `.dtsi` may be a part of any board. */
function isOtherBoard({ path, before, after }: ChangedFile, compatible: readonly string[]): boolean {
  if (!path.endsWith('.dts') || compatible.length === 0) return false
  return ![before, after].some((text) => compatible.some((name) => text?.includes(`"${name}"`) === true))
}
