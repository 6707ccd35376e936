import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runTool } from '../unit/codecs/oracle.ts'

/** Files of a commit by their paths; `null` removes one. */
export type Files = Readonly<Record<string, string | null>>

/** A repository of a test's own, made by real git, whatever the machine's settings are. */
export class GitHistory {
  readonly directory: string
  #time = 1_700_000_000

  constructor(directory: string, { bare = false } = {}) {
    this.directory = directory
    mkdirSync(directory, { recursive: true })
    this.git('init', '--quiet', '--initial-branch=main', ...(bare ? ['--bare'] : []))
  }

  /** @returns what git printed */
  git(...args: readonly string[]): string {
    return runTool('git', ['-C', this.directory, ...args], { env: this.#environment() })
      .toString()
      .trimEnd()
  }

  write(files: Files): void {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.directory, path)
      mkdirSync(dirname(file), { recursive: true })
      if (content === null) this.git('rm', '--quiet', path)
      else writeFileSync(file, content)
    }
  }

  /** @returns the id of the new commit */
  commit(subject: string, files: Files = { [subject.replaceAll(/\W/g, '-')]: subject }): string {
    this.write(files)
    this.git('add', '--all')
    this.git('commit', '--quiet', '--allow-empty', '-m', subject)
    return this.head()
  }

  /** A line of commits. @returns their ids */
  commits(...subjects: readonly string[]): readonly string[] {
    return subjects.map((subject) => this.commit(subject))
  }

  /** Goes on from another commit. */
  checkout(commit: string): void {
    this.git('checkout', '--quiet', '--detach', commit)
  }

  /** @returns the id of the merge */
  merge(...commits: readonly string[]): string {
    this.git('merge', '--quiet', '--no-ff', '-m', `Merge ${commits.length}`, ...commits)
    return this.head()
  }

  tag(name: string): void {
    this.git('tag', '-a', '-m', name, name)
  }

  head(): string {
    return this.git('rev-parse', 'HEAD')
  }

  /** A line of so many commits, all with the same file, fast. @returns the last one */
  grow(count: number): string {
    const commits = Array.from({ length: count }, (_, index) => {
      const text = String(index)
      return [
        'commit refs/heads/long',
        `committer Tester <tester@example.org> ${this.#time + index} +0000`,
        ...[`data ${text.length}`, text],
        ...(index === 0 ? ['M 644 inline counter', `data ${text.length}`, text] : []),
      ].join('\n')
    })
    runTool('git', ['-C', this.directory, 'fast-import', '--quiet'], { input: `${commits.join('\n')}\n` })
    return this.git('rev-parse', 'long')
  }

  /** Every commit has a time of its own, and the same history the same ids. */
  #environment(): Record<string, string> {
    const date = `${this.#time++} +0000`
    return {
      ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
      ...{ GIT_AUTHOR_NAME: 'Tester', GIT_AUTHOR_EMAIL: 'tester@example.org', GIT_AUTHOR_DATE: date },
      ...{
        GIT_COMMITTER_NAME: 'Tester',
        GIT_COMMITTER_EMAIL: 'tester@example.org',
        GIT_COMMITTER_DATE: date,
      },
    }
  }
}
