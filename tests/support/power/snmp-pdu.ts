import { writeFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freeUdpPort } from '../free-port.ts'
import { startServer, type ServerProcess } from './server-process.ts'

/** An object of a PDU: which outlet it is of, and the numbers for on and off. */
export interface PduObject {
  readonly oid: string
  readonly outlet: number
  readonly on: number
  readonly off: number
  readonly readOnly?: boolean
}

/** Debian's snmpd, whose outlets are files. */
export interface SnmpPdu extends AsyncDisposable {
  readonly port: number
  readonly server: ServerProcess
  /** Everything is as at the beginning. */
  reset(): Promise<void>
  isOn(outlet: number): Promise<boolean>
  /** Sets that are accepted without effect, or refused. */
  fail(how: 'lies' | 'refuses'): Promise<void>
}

export const snmpUser = { name: 'hil', auth: 'authentication', privacy: 'encryption' }

/** snmpd asks it on its standard input (snmpd.conf(5), "pass_persist"; plain "pass" remembers answers). */
const passProgram = `#!/bin/sh
directory=$(dirname "$0")
answer() {
  set -- $(grep "^$1 " "$directory/objects") "$2"
  case $1 in .*) ;; *) if test "$1" = ""; then echo NONE; else echo not-writable; fi; return;; esac
  outlet=$directory/outlet-$2
  if test "$6" = ""; then
    if test "$(cat "$outlet")" = on; then value=$3; else value=$4; fi
    printf '%s\\ninteger\\n%s\\n' "$1" "$value"
    return
  fi
  case $5$(cat "$directory/fault" 2>/dev/null) in
  no*) echo not-writable;;
  yeslies) echo DONE;;
  yesrefuses) echo wrong-value;;
  *) case \${6#* } in
     "$3") echo on > "$outlet"; echo DONE;;
     "$4") echo off > "$outlet"; echo DONE;;
     *) echo wrong-value;;
     esac;;
  esac
}
while read -r command; do
  case $command in
  PING) echo PONG;;
  get) read -r oid; answer "$oid" "";;
  getnext) read -r oid; echo NONE;;
  set) read -r oid; read -r value; answer "$oid" "$value";;
  esac
done
`

/** Whatever it was sent while it hung, an agent has dealt with when it answers to something later. */
async function answered(port: number): Promise<void> {
  const { createSession } = await import('net-snmp')
  const session = createSession('127.0.0.1', 'public', { port })
  try {
    await new Promise<void>((resolve, reject) => {
      session.get([systemDescription], (error) => (error === null ? resolve() : reject(error)))
    })
  } finally {
    session.close()
  }
}

/** sysDescr.0 of SNMPv2-MIB (RFC 3418). */
const systemDescription = '1.3.6.1.2.1.1.1.0'

export async function startSnmpPdu(objects: readonly PduObject[]): Promise<SnmpPdu> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-snmp-'))
  const port = await freeUdpPort()
  const program = join(directory, 'pass')
  await writeFile(program, passProgram, { mode: 0o755 })
  const lines = objects.map(
    ({ oid, outlet, on, off, readOnly }) =>
      `.${oid} ${outlet} ${on} ${off} ${readOnly === true ? 'no' : 'yes'}\n`,
  )
  await writeFile(join(directory, 'objects'), lines.join(''))
  const config = join(directory, 'snmpd.conf')
  await writeFile(
    config,
    [
      'rocommunity public',
      'rwcommunity private',
      'rwcommunity s3cret',
      `createUser ${snmpUser.name} SHA "${snmpUser.auth}" AES "${snmpUser.privacy}"`,
      `rwuser ${snmpUser.name} priv`,
      ...[...new Set(objects.map(({ oid }) => oid.split('.').slice(0, 7).join('.')))].map(
        (tree) => `pass_persist .${tree} ${program}`,
      ),
    ].join('\n'),
  )
  const server = await startServer(
    ['snmpd', '-f', '-Le', '-C', '-c', config, '-I', '-systemstats', `udp:127.0.0.1:${port}`],
    (line) => line.startsWith('NET-SNMP version'),
    { env: { ...process.env, SNMP_PERSISTENT_DIR: directory }, cwd: directory },
  )
  return {
    port,
    server,
    async reset() {
      server.wake()
      await answered(port)
      await rm(join(directory, 'fault'), { force: true })
      for (const { outlet } of objects) writeFileSync(join(directory, `outlet-${outlet}`), 'off')
    },
    isOn: async (outlet) => (await readFile(join(directory, `outlet-${outlet}`), 'utf8')).trim() === 'on',
    fail: (how) => writeFile(join(directory, 'fault'), how),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
