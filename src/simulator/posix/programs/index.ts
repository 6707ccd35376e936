import type { Program } from '../process.ts'
import { cat } from './cat.ts'
import { reboot, powerOff, halt } from './power.ts'
import { sleep } from './sleep.ts'
import { stty } from './stty.ts'
import { dmesg, hostname, id, uname } from './system.ts'

/** The programs that are simulated, by name. */
export const programs: Readonly<Record<string, Program>> = {
  cat,
  dmesg,
  halt,
  hostname,
  id,
  poweroff: powerOff,
  reboot,
  sleep,
  stty,
  uname,
}
