import { readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { startDeadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import type { Git } from '../git/git.ts'
import type { Repository } from '../git/repository.ts'
import { refreshIndex, restoreTimestamps, saveTimestamps } from './timestamps.ts'
import { claimWorkplace, type Workplace } from './workplace.ts'

/** How long leaving may take, whatever the bisection's own limits are. */
const closeMs = 5 * 60 * 1000

/**
 * A work tree of hil's own beside that of the person, which is never touched. Files that two commits have in common keep
 * their times when the one is checked out after the other, so that `make` builds only what has changed.
 */
export class Worktree {
  /** The top of it. */
  readonly directory: string
  /** What was named for the repository, in it. */
  readonly tree: string
  /** For what is built: it stays when the work tree goes, and nobody else has it. */
  readonly place: string
  readonly #repository: Repository
  readonly #workplace: Workplace
  readonly #git: Git
  /** A checkout was not seen to end: who knows what is there. */
  #isUnsure = false
  #isClosed = false

  private constructor(repository: Repository, workplace: Workplace) {
    this.#repository = repository
    this.#workplace = workplace
    this.place = workplace.directory
    this.directory = join(workplace.directory, 'tree')
    this.tree = resolve(this.directory, repository.prefix)
    this.#git = repository.git.in(this.directory)
  }

  /**
   * Makes one, or takes over what a bisection that was killed has left.
   * @param commit to begin with
   * @throws HilError `git.failed` (environment), `commits.disk-full`, `lock.held` (infrastructure)
   */
  static async open(repository: Repository, commit: string): Promise<Worktree> {
    const worktree = new Worktree(repository, await claimWorkplace(repository.commonDirectory))
    try {
      if (!(await worktree.#takeOver(commit))) await worktree.#add(commit)
      return worktree
    } catch (error) {
      await worktree.close().catch(() => undefined)
      throw error
    }
  }

  async checkout(commit: string): Promise<void> {
    if (this.#isUnsure) await this.#tidyUp()
    this.#isUnsure = true
    // A file that a build has only touched would be written anew.
    await refreshIndex(this.#git)
    await this.#git.run(['checkout', '--quiet', '--detach', '--force', commit, '--'])
    this.#isUnsure = false
  }

  /**
   * Checks out a commit with another one taken back on top of it, which is not committed.
   * @returns why that can't be done, in a sentence
   */
  async checkoutRevert(culprit: string, head: string): Promise<string | undefined> {
    await this.checkout(head)
    const names = `${culprit.slice(0, 12)} on ${head.slice(0, 12)}`
    this.#isUnsure = true
    const parents = (await this.#git.run(['rev-list', '--parents', '--max-count=1', culprit, '--'])).split(
      ' ',
    )
    // A merge is taken back to what it was merged into.
    const mainline = parents.length > 2 ? ['--mainline=1'] : []
    const { exitCode } = await this.#git.ask(['revert', '--no-commit', ...mainline, culprit], {
      answers: [0, 1],
    })
    if (exitCode !== 0) {
      const files = split(await this.#git.run(['diff', '--name-only', '--diff-filter=U', '-z']))
      await this.#git.run(['reset', '--quiet', '--hard'])
      this.#isUnsure = false
      return `${names} does not revert cleanly: conflicts in ${files.join(', ')}`
    }
    const { exitCode: isOther } = await this.#git.ask(['diff', '--cached', '--quiet', 'HEAD'], {
      answers: [0, 1],
    })
    this.#isUnsure = false
    return isOther === 1 ? undefined : `reverting ${names} changes nothing: what it did is not there any more`
  }

  /** Removes it; what was built stays. May be called again. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    using t = startDeadline(closeMs, 'removing the work tree')
    try {
      // It only saves time: without the times everything is built again.
      await saveTimestamps(this.#git.in(this.directory, t), this.#timestamps).catch(() => undefined)
      await this.#remove(this.#repository.git.in(this.#repository.directory, t))
    } finally {
      await this.#workplace.release()
    }
  }

  get #timestamps(): string {
    return join(this.place, 'timestamps')
  }

  /** @returns whether there was something to take over */
  async #takeOver(commit: string): Promise<boolean> {
    if (!(await this.#isLeftOver())) return false
    this.#isUnsure = true
    try {
      await this.checkout(commit)
      return true
    } catch (error) {
      // It is damaged.
      if (error instanceof HilError && error.code === 'git.failed') return false
      throw error
    }
  }

  async #add(commit: string): Promise<void> {
    const { git } = this.#repository
    await this.#remove(git)
    await git.run(['worktree', 'add', '--force', '--force', '--detach', this.directory, commit])
    this.#isUnsure = false
    await restoreTimestamps(this.#git, this.#timestamps)
  }

  /**
   * Not `git worktree prune`: that would also forget trees of the person's whose disk is not mounted just now. Forced twice,
   * it takes one as well that git was killed on while it was made.
   */
  async #remove(git: Git): Promise<void> {
    await rm(this.directory, { recursive: true, force: true })
    const known = await git.run(['worktree', 'list', '--porcelain'])
    if (!known.split('\n').includes(`worktree ${this.directory}`)) return
    await git.run(['worktree', 'remove', '--force', '--force', this.directory])
  }

  /** Whether there is a work tree of this very repository, whatever state it is in. */
  async #isLeftOver(): Promise<boolean> {
    // Without that file git would look above, and might find the repository of somebody's cache.
    const link = await readFile(join(this.directory, '.git'), 'utf8').catch(() => undefined)
    if (link === undefined) return false
    const { exitCode, stdout } = await this.#git.ask(['rev-parse', '--git-common-dir'], { answers: [0, 128] })
    return exitCode === 0 && resolve(this.directory, stdout) === this.#repository.commonDirectory
  }

  /** Who held the lock of the index is dead, or this place would not be ours. */
  async #tidyUp(): Promise<void> {
    const lock = await this.#git.run(['rev-parse', '--git-path', 'index.lock'])
    await rm(resolve(this.directory, lock), { force: true })
    await this.#git.run(['reset', '--quiet', '--hard'])
    await this.#git.run(['clean', '--quiet', '--force', '--force', '-d'])
  }
}

function split(text: string): readonly string[] {
  return text.split('\0').filter((each) => each !== '')
}
