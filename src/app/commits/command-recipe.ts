import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { payloadFileName } from '../../build/payload-file.ts'
import { HilError } from '../../core/errors.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import type { PayloadSettings } from '../../environment/payload-settings.ts'
import type { Worktree } from './worktree/worktree.ts'
import { moveSettings } from './moved-paths.ts'
import type { Recipe } from './recipe.ts'
import { runLogged } from './run-logged.ts'

/** `git bisect run` knows it, and scripts that were written for that do. */
const skipCode = 125

/** What a shell says for a program that can't be run, or is not there: no commit is to blame. */
const notRunnable = [126, 127]

export interface CommandRecipeOptions extends Pick<Recipe, 'key' | 'bootargs' | 'files'> {
  readonly command: string
  /** Of a board, with paths in the work tree. */
  readonly settings: (board: BoardSpec, worktree: Worktree) => PayloadSettings
}

/**
 * A command of the person's, run by a shell at the top of what was named. It may leave a payload in `$HIL_OUTPUT`;
 * else the payload is made of what the options and the environment name.
 */
export function commandRecipe({ command, settings, key, bootargs, files }: CommandRecipeOptions): Recipe {
  return {
    ...{ key: { command, options: key }, bootargs, files },
    async make(worktree, commit, log, t) {
      const output = join(worktree.place, 'output')
      await rm(output, { recursive: true, force: true })
      await mkdir(output, { recursive: true })
      const env = { HIL_BISECT_COMMIT: commit, HIL_OUTPUT: output }
      const failure = await runLogged(['sh', '-c', command], { cwd: worktree.tree, env, log }, t)
      if (failure?.exitCode === skipCode) {
        return { obstacle: `"${command}" says to skip it (${failure.status})` }
      }
      if (notRunnable.includes(failure?.exitCode ?? 0)) throw notRun(command, failure?.line ?? '', log)
      if (failure !== undefined) {
        return { obstacle: `"${command}" failed with ${failure.status}: ${failure.line}` }
      }
      if (existsSync(join(output, payloadFileName))) return { payload: output }
      return { settings: (board) => left(command, settings(board, worktree), worktree) }
    },
  }
}

/** @throws HilError `commits.not-left` (payload) for a file that should be in the work tree now, and is not */
function left(command: string, settings: PayloadSettings, { tree }: Worktree): PayloadSettings {
  return moveSettings(settings, (path) => {
    const name = relative(tree, path)
    if (name.startsWith('..') || existsSync(path)) return path
    throw new HilError('commits.not-left', `"${command}" succeeded, but left no ${name}`, {
      blame: 'payload',
      details: { command, path },
    })
  })
}

function notRun(command: string, line: string, log: string): HilError {
  return new HilError(
    'commits.build-command',
    `"${command}" can't be run in a work tree of the commit: ${line} (${log}); a script that was never committed is in no commit, name it by its whole path`,
    { blame: 'environment', details: { command, log } },
  )
}
