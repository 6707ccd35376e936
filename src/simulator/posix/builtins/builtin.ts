import type { Shell } from '../shell.ts'

/** A command that the shell runs itself. `argv` begins with its name. @returns the exit status */
export type Builtin = (shell: Shell, argv: readonly string[]) => Promise<number> | number
