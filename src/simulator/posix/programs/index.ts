import type { Program } from '../process.ts'
import { cat } from './cat.ts'
import { sh } from './sh.ts'
import { reboot, powerOff, halt } from './power.ts'
import { sleep } from './sleep.ts'
import { stty } from './stty.ts'
import { dmesg, hostname, id, uname } from './system.ts'

/** The programs that are simulated, by name. */
export const programs: Readonly<Record<string, Program>> = {
  ash: sh,
  bash: sh,
  cat,
  dash: sh,
  dmesg,
  halt,
  hostname,
  id,
  poweroff: powerOff,
  reboot,
  sh,
  sleep,
  stty,
  uname,
}
