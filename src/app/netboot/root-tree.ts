import { lstat, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { NetbootFinding } from './finding.ts'

/** Programs that every distribution has with the set-user-ID bit. */
const setIdPrograms = ['su', 'sudo', 'mount', 'umount', 'passwd', 'newgrp', 'chsh']
const owned = ['.', 'etc', 'usr', 'usr/bin', 'bin', 'sbin', 'var']
const setUserId = 0o4000

/** What a root file system loses when it is unpacked without root, and what takes its network down. */
export async function rootTreeFindings(root: string): Promise<readonly NetbootFinding[]> {
  const findings = [await ownerFinding(root), await setIdFinding(root), ...(await networkFindings(root))]
  return findings.filter((finding) => finding !== undefined)
}

async function ownerFinding(root: string): Promise<NetbootFinding | undefined> {
  const foreign: string[] = []
  for (const name of owned) {
    const facts = await lstat(join(root, name)).catch(() => undefined)
    if (facts !== undefined && facts.uid !== 0)
      foreign.push(`${name === '.' ? '/' : `/${name}`} (uid ${facts.uid})`)
  }
  if (foreign.length === 0) return undefined
  return problem(
    `${foreign.join(', ')} should belong to root: the tree was unpacked without it, and all owners are lost; unpack it again as root: sudo tar --numeric-owner -xpf ...`,
  )
}

async function setIdFinding(root: string): Promise<NetbootFinding | undefined> {
  const without: string[] = []
  for (const name of setIdPrograms) {
    for (const directory of ['usr/bin', 'bin']) {
      const facts = await lstat(join(root, directory, name)).catch(() => undefined)
      // A link leads to busybox, or to where /usr was merged.
      if (facts?.isFile() !== true) continue
      if ((facts.mode & setUserId) === 0) without.push(`/${directory}/${name}`)
      break
    }
  }
  if (without.length === 0) return undefined
  return problem(
    `${without.join(', ')} should have the set-user-ID bit: it was lost where the tree was copied or its owner changed; unpack it again as root, with -p`,
  )
}

/** A root file system on NFS is gone as soon as somebody configures its interface anew. */
async function networkFindings(root: string): Promise<readonly (NetbootFinding | undefined)[]> {
  const enabled = await enabledUnits(root)
  const isEnabled = (unit: string) => enabled.has(`${unit}.service`)
  return [
    isEnabled('systemd-networkd') ? await networkdFinding(root) : undefined,
    isEnabled('NetworkManager')
      ? note(
          'NetworkManager is enabled: it leaves an interface alone that the kernel has set up by ip=, unless a connection in etc/NetworkManager/system-connections names it; to be sure: unmanaged-devices=interface-name:eth0 below [keyfile]',
        )
      : undefined,
    isEnabled('connman') && !(await holds(root, 'etc/connman/main.conf', /^NetworkInterfaceBlacklist=.*\S/m))
      ? problem(
          'ConnMan is enabled and will configure the interface anew, which cuts off the root: NetworkInterfaceBlacklist=eth below [General] in etc/connman/main.conf',
        )
      : undefined,
    isEnabled('dhcpcd')
      ? problem(
          'dhcpcd is enabled and may drop the address that the root hangs on: denyinterfaces eth0 in etc/dhcpcd.conf',
        )
      : undefined,
    (await holds(root, 'etc/network/interfaces', /^\s*iface\s+(?!lo\b)\S+\s+inet\s+(?!manual)/m))
      ? problem(
          'etc/network/interfaces configures an interface of its own, which cuts off the root if it is the one: "iface eth0 inet manual"',
        )
      : undefined,
  ]
}

/** The talk's trick: a [Match] that does not hold where the root is on NFS. */
async function networkdFinding(root: string): Promise<NetbootFinding | undefined> {
  const careless: string[] = []
  for (const directory of ['etc/systemd/network', 'usr/lib/systemd/network', 'lib/systemd/network']) {
    const names = await readdir(join(root, directory)).catch(() => [])
    for (const name of names.filter((each) => each.endsWith('.network'))) {
      const text = await readFile(join(root, directory, name), 'utf8').catch(() => '')
      const spares = /^KernelCommandLine=!nfsroot|^Unmanaged=(?:yes|true)|^KeepConfiguration=(?:yes|static)/m
      const isVirtual =
        /^(?:Kind|Type|Virtualization|Name)=(?:.*(?:container|host0|vb-|ve-|wl|ww|br|bond|loopback))/m
      if (!spares.test(text) && !isVirtual.test(text)) careless.push(`${directory}/${name}`)
    }
  }
  if (careless.length === 0) return undefined
  return problem(
    `systemd-networkd is enabled, and ${careless.join(', ')} would configure the interface anew, which cuts off the root; put KernelCommandLine=!nfsroot below [Match]`,
  )
}

async function enabledUnits(root: string): Promise<ReadonlySet<string>> {
  const units = new Set<string>()
  const system = join(root, 'etc/systemd/system')
  for (const directory of await readdir(system).catch(() => [])) {
    if (!directory.endsWith('.wants')) continue
    for (const unit of await readdir(join(system, directory)).catch(() => [])) units.add(unit)
  }
  return units
}

async function holds(root: string, path: string, pattern: RegExp): Promise<boolean> {
  const file = join(root, path)
  if (!(await stat(file).catch(() => undefined))?.isFile()) return false
  return pattern.test(await readFile(file, 'utf8'))
}

function problem(sentence: string): NetbootFinding {
  return { level: 'problem', sentence }
}

function note(sentence: string): NetbootFinding {
  return { level: 'note', sentence }
}
