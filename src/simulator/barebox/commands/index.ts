import type { Command } from './command.ts'
import { boot } from './boot.ts'
import { cat, cd, ls, pwd } from './files.ts'
import { echo } from './echo.ts'
import { global } from './variables.ts'
import { poweroff, reset, sleep } from './system.ts'
import { version } from './version.ts'

/** The commands that are simulated, by name. */
export const commands: Readonly<Record<string, Command>> = {
  ':': () => 0,
  boot,
  cat,
  cd,
  echo,
  false: () => 1,
  global,
  ls,
  msleep: sleep,
  poweroff,
  pwd,
  reset,
  sleep,
  true: () => 0,
  version,
}
