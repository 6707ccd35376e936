import { boot } from './boot.ts'
import { bootchooser } from './bootchooser.ts'
import { bootm } from './bootm.ts'
import type { Command } from './command.ts'
import { cp } from './copy.ts'
import { devboot } from './devboot.ts'
import { digests } from './digest.ts'
import { crc32 } from './crc32.ts'
import { cd, mkdir, pwd, rm, rmdir } from './directories.ts'
import { echo } from './echo.ts'
import { exportVariable, printenv, saveenv, setenv } from './environment.ts'
import { cat } from './cat.ts'
import { global } from './global.ts'
import { help } from './help.ts'
import { letCommand } from './let.ts'
import { ll, ls } from './list.ts'
import { mount, umount } from './mount.ts'
import { basename, dirname } from './names.ts'
import { dhcp, host, ifdown, ifup, ping } from './network.ts'
import { nv } from './nv.ts'
import { sh, source } from './script.ts'
import { clear, poweroff, reset, version } from './system.ts'
import { test } from './test.ts'
import { tftp } from './tftp.ts'
import { msleep, sleep, time, timeout, uptime } from './time.ts'
import { wd } from './wd.ts'

/** The commands that are simulated, by name. */
export const commands: Readonly<Record<string, Command>> = {
  '.': source,
  ':': { summary: 'do nothing, successfully', run: () => 0 },
  '?': help,
  '[': test,
  '[[': test,
  basename,
  boot,
  bootchooser,
  bootm,
  cat,
  cd,
  clear,
  cp,
  crc32,
  devboot,
  dhcp,
  dirname,
  echo,
  export: exportVariable,
  false: { summary: 'do nothing, unsuccessfully', run: () => 1 },
  global,
  help,
  host,
  ifdown,
  ifup,
  let: letCommand,
  ll,
  ls,
  ...digests,
  mkdir,
  mount,
  msleep,
  nv,
  ping,
  poweroff,
  printenv,
  pwd,
  reset,
  rm,
  rmdir,
  saveenv,
  setenv,
  sh,
  sleep,
  source,
  test,
  tftp,
  time,
  timeout,
  true: { summary: 'do nothing, successfully', run: () => 0 },
  umount,
  uptime,
  version,
  wd,
}
