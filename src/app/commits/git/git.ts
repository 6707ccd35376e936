import { execa } from 'execa'
import type { Deadline } from '../../../core/deadline.ts'
import { endOf } from '../../../core/end-of.ts'
import { HilError } from '../../../core/errors.ts'
import { dieWithParent } from '../../../transports/die-with-parent.ts'
import { diskFull, saysDiskFull } from '../disk-full.ts'

export interface GitResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface GitOptions {
  readonly input?: string
  /** Exit codes that are answers, and no failures. @default only 0 */
  readonly answers?: readonly number[]
}

/**
 * Runs git in one directory, such that it says the same whoever runs it: whatever a person may have set up that
 * changes what git prints or does is overruled, and nothing asks or waits for a person.
 *
 * What was set up to have access to the repository is kept: `safe.directory`, credentials, SSH commands.
 */
export class Git {
  readonly directory: string
  readonly #t: Deadline

  constructor(directory: string, t: Deadline) {
    this.directory = directory
    this.#t = t
  }

  /** The same in another directory. @param t another bound, for what has to be done when the first is over */
  in(directory: string, t: Deadline = this.#t): Git {
    return new Git(directory, t)
  }

  /**
   * @returns what it printed, without the last line's end
   * @throws HilError `git.failed`, `git.missing` (environment), `commits.disk-full` (infrastructure)
   */
  async run(args: readonly string[], options: GitOptions = {}): Promise<string> {
    return (await this.ask(args, options)).stdout
  }

  /** As `run`, for commands that answer by their exit code. */
  async ask(args: readonly string[], { input, answers = [0] }: GitOptions = {}): Promise<GitResult> {
    const { exitCode, stdout, stderr, code } = await this.#start(await this.#commandLine(args), input)
    this.#t.throwIfOver()
    if (exitCode !== undefined && answers.includes(exitCode)) return { exitCode, stdout, stderr }
    throw this.#failed(args, stderr, code)
  }

  /** What it prints, line by line. @throws as `run`, when all lines were read */
  async *lines(args: readonly string[], { input }: Pick<GitOptions, 'input'> = {}): AsyncGenerator<string> {
    const child = this.#start(await this.#commandLine(args), input)
    yield* child.iterable({ from: 'stdout' })
    const { exitCode, stderr, code } = await child
    this.#t.throwIfOver()
    if (exitCode !== 0) throw this.#failed(args, stderr, code)
  }

  #commandLine(args: readonly string[]): Promise<readonly [file: string, ...args: string[]]> {
    this.#t.throwIfOver()
    return dieWithParent(['git', '-C', this.directory, ...overruled, ...args])
  }

  #start([file, ...args]: readonly [file: string, ...args: string[]], input: string | undefined) {
    return execa(file, args, {
      env: environment(),
      reject: false,
      cancelSignal: this.#t.signal,
      maxBuffer: 1 << 30,
      ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    })
  }

  #failed(args: readonly string[], stderr: string, code: string | undefined): HilError {
    if (saysDiskFull(stderr)) return diskFull(this.directory)
    const said = endOf(stderr) || code || 'it said nothing'
    return new HilError('git.failed', `"git ${args.join(' ')}" failed in ${this.directory}: ${said}`, {
      blame: 'environment',
      details: { directory: this.directory, args, stderr: endOf(stderr) },
    })
  }
}

const overruled = [
  '--no-pager',
  ...[
    'advice.detachedHead=false',
    'color.ui=false',
    'commit.gpgSign=false',
    'core.fsmonitor=false',
    'core.hooksPath=/dev/null',
    'core.quotePath=false',
    'core.sparseCheckout=false',
    'diff.external=',
    'diff.noprefix=false',
    'diff.mnemonicPrefix=false',
    'gc.auto=0',
    'log.follow=false',
    'log.showSignature=false',
    'maintenance.auto=false',
    'rerere.enabled=false',
    'submodule.recurse=false',
  ].flatMap((setting) => ['-c', setting]),
]

/**
 * Variables that point git to another repository than the one it is run in (`git rev-parse --local-env-vars`), as they
 * are set when hil is started from a hook, from `git rebase --exec` or an alias, and those that make it say something else.
 */
const unwanted = [
  ...['GIT_ALTERNATE_OBJECT_DIRECTORIES', 'GIT_COMMON_DIR', 'GIT_CONFIG', 'GIT_CONFIG_COUNT'],
  ...['GIT_CONFIG_PARAMETERS', 'GIT_DIR', 'GIT_GRAFT_FILE', 'GIT_IMPLICIT_WORK_TREE', 'GIT_INDEX_FILE'],
  ...['GIT_INTERNAL_SUPER_PREFIX', 'GIT_NAMESPACE', 'GIT_OBJECT_DIRECTORY', 'GIT_PREFIX', 'GIT_SHALLOW_FILE'],
  ...['GIT_WORK_TREE', 'GIT_EXTERNAL_DIFF', 'GIT_DIFF_OPTS', 'GIT_TRACE', 'GIT_LITERAL_PATHSPECS'],
  ...['GIT_GLOB_PATHSPECS', 'GIT_NOGLOB_PATHSPECS', 'GIT_ICASE_PATHSPECS', 'GIT_ASKPASS', 'SSH_ASKPASS'],
]

function environment(): Readonly<Record<string, string | undefined>> {
  return {
    ...Object.fromEntries(unwanted.map((name) => [name, undefined])),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_EDITOR: 'true',
    LC_ALL: 'C',
    LANGUAGE: undefined,
  }
}
