import type { Builtin } from './builtin.ts'
import { alias, unalias } from './alias.ts'
import { cd, pwd } from './directory.ts'
import { echo, printf } from './output.ts'
import { dot, evaluate, exec } from './evaluate.ts'
import { breakLoop, continueLoop, exit, returnFromFunction } from './flow.ts'
import { jobs, kill, wait } from './jobs.ts'
import { command, type } from './lookup.ts'
import { read } from './read.ts'
import { set, shift } from './set.ts'
import { test } from './test.ts'
import { trap } from './trap.ts'
import { exportVariables, getopts, local, readOnly, unset } from './variables.ts'

/** Their assignments last, and their errors end a shell that is not interactive (XCU 2.14). */
export const specialBuiltins: Readonly<Record<string, Builtin>> = {
  ':': () => 0,
  '.': dot,
  break: breakLoop,
  continue: continueLoop,
  eval: evaluate,
  exec,
  exit,
  export: exportVariables,
  readonly: readOnly,
  return: returnFromFunction,
  set,
  shift,
  trap,
  unset,
}

export const builtins: Readonly<Record<string, Builtin>> = {
  '[': test,
  alias,
  cd,
  command,
  echo,
  false: () => 1,
  getopts,
  hash: () => 0,
  jobs,
  kill,
  local,
  printf,
  pwd,
  read,
  source: dot,
  test,
  true: () => 0,
  type,
  ulimit: () => 0,
  umask: (shell, argv) => (argv.length > 1 ? 0 : (void shell.print('0022\n'), 0)),
  unalias,
  wait,
}

export function isBuiltin(name: string): boolean {
  return Object.hasOwn(builtins, name) || Object.hasOwn(specialBuiltins, name)
}
