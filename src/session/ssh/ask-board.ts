import { createHash } from 'node:crypto'
import type { CommandRunner } from '../../board/command-runner.ts'
import type { Deadline } from '../../core/deadline.ts'

/** What a board says on its console of how it is reached over the network. */

type Runner = Pick<CommandRunner, 'run'>

/** A random number that the kernel draws at each boot: who has the same one is the same boot of the same board. */
export async function readBootId(runner: Runner, t: Deadline): Promise<string | undefined> {
  const { stdout } = await runner.run('cat /proc/sys/kernel/random/boot_id', t)
  return /^[0-9a-f-]{36}$/m.exec(stdout)?.[0]
}

/**
 * The addresses that others can reach it by, IPv4 first.
 * @param only the interface they have to be of
 * @returns none while it has none; `undefined` where it has no program that tells
 */
export async function readAddresses(
  runner: Runner,
  only: string | undefined,
  t: Deadline,
): Promise<readonly string[] | undefined> {
  const { exitCode, stdout } = await runner.run(
    'ip -o addr show scope global 2>/dev/null||ifconfig 2>/dev/null',
    t,
  )
  if (exitCode !== 0 && stdout === '') return undefined
  const found = (/^\d+: /m.test(stdout) ? addressesOfIp(stdout) : addressesOfIfconfig(stdout)).filter(
    ({ name }) => only === undefined || name === only,
  )
  const isOld = ({ address }: Address) => !address.includes(':')
  return [...found.filter(isOld), ...found.filter((each) => !isOld(each))].map(({ address }) => address)
}

interface Address {
  readonly name: string
  readonly address: string
}

/** `2: eth0    inet 10.0.2.15/24 brd 10.0.2.255 scope global eth0`, iproute2's and busybox's alike. */
function addressesOfIp(text: string): readonly Address[] {
  return text.split('\n').flatMap((line) => {
    const [, name = '', address = ''] = /^\d+: (\S+?)(?:@\S+)?\s+inet6? ([\da-fA-F.:]+)\/\d+/.exec(line) ?? []
    return address === '' || /\b(?:tentative|deprecated)\b/.test(line) ? [] : [{ name, address }]
  })
}

/** Blocks that begin with a name at the margin; busybox's, and net-tools' old and new. */
function addressesOfIfconfig(text: string): readonly Address[] {
  return text.split(/\n(?=\S)/).flatMap((block) => {
    const name = /^[^\s:]+/.exec(block)?.[0] ?? ''
    const address = /inet (?:addr:)?([\d.]+)/.exec(block)?.[1]
    return address === undefined || address.startsWith('127.') ? [] : [{ name, address }]
  })
}

/** Fingerprints of the host keys of OpenSSH and dropbear, as they lie on the board. */
export async function readHostKeys(runner: Runner, t: Deadline): Promise<readonly string[]> {
  const { stdout } = await runner.run(
    'cat /etc/ssh/ssh_host_*_key.pub 2>/dev/null;for f in /etc/dropbear/*_host_key;do dropbearkey -y -f "$f" 2>/dev/null;done;true',
    t,
  )
  return [...stdout.matchAll(/^(?:ssh-|ecdsa-)\S+ (AAAA[\w+/=]+)/gm)].map(([, key = '']) => {
    const hash = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64')
    return `SHA256:${hash.replace(/=+$/, '')}`
  })
}
