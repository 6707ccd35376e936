import type { Program } from '../process.ts'
import { cksum, dd, gzip, stat } from './bytes.ts'
import { cat } from './cat.ts'
import { base64, digestProgram } from './digest.ts'
import {
  basename,
  chmod,
  cp,
  dirname,
  ln,
  mkdir,
  mktemp,
  mv,
  readlink,
  rm,
  rmdir,
  tee,
  touch,
} from './files.ts'
import { grep } from './grep.ts'
import { ls } from './ls.ts'
import { cut, env, mount, seq, tr, yes } from './misc.ts'
import { halt, powerOff, reboot } from './power.ts'
import { shellProgram } from './sh.ts'
import { sleep } from './sleep.ts'
import { stty } from './stty.ts'
import { dmesg, hostname, id, lsmod, nproc, tty, uname, uptime, whoami } from './system.ts'
import { head, sort, tail, uniq, wc } from './text.ts'
import type { ShellFlavour } from '../shell.ts'

/** The programs that every simulated system has, by name. */
const common: Readonly<Record<string, Program>> = {
  base64,
  basename,
  cat,
  chmod,
  cksum,
  cp,
  cut,
  dd,
  dirname,
  dmesg,
  env,
  false: () => 1,
  grep,
  gzip,
  halt,
  head,
  hostname,
  id,
  ln,
  ls,
  lsmod,
  md5sum: digestProgram('md5'),
  mkdir,
  mktemp,
  mount,
  mv,
  nproc,
  poweroff: powerOff,
  readlink,
  reboot,
  rm,
  rmdir,
  seq,
  sha1sum: digestProgram('sha1'),
  sha256sum: digestProgram('sha256'),
  sha512sum: digestProgram('sha512'),
  sleep,
  sort,
  stat,
  stty,
  sync: () => 0,
  tail,
  tee,
  touch,
  tr,
  true: () => 0,
  tty,
  uname,
  uniq,
  uptime,
  wc,
  whoami,
  yes,
}

/** The programs of a system whose shell is of this flavour. */
export function programsFor(flavour: ShellFlavour): Readonly<Record<string, Program>> {
  switch (flavour) {
    case 'ash':
      return { ...common, ash: shellProgram('ash'), sh: shellProgram('ash') }
    case 'bash':
      return { ...common, bash: shellProgram('bash'), dash: shellProgram('sh'), sh: shellProgram('sh') }
    case 'sh':
      return { ...common, dash: shellProgram('sh'), sh: shellProgram('sh') }
  }
}
