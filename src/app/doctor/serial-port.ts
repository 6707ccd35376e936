import { access, constants, readdir, readFile, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { DoctorFinding } from './finding.ts'

/** Where udev keeps names of ports that stay the same over reboots. */
const stableNames = '/dev/serial/by-id'

/** Whether the console of a board can be opened, without opening it: that would set its lines. */
export async function serialPortFinding(board: string, port: string): Promise<DoctorFinding> {
  const problem = (sentence: string): DoctorFinding => ({
    level: 'problem',
    sentence: `${board}: ${sentence}`,
  })
  const found = await stat(port).catch((error: unknown) => error as NodeJS.ErrnoException)
  if (found instanceof Error) {
    const others = await readdir(stableNames).catch(() => [])
    const there =
      others.length === 0
        ? 'no USB adapter is plugged in'
        : `there are ${others.map((name) => join(stableNames, name)).join(', ')}`
    return problem(`its serial port ${port} is not there (${found.code ?? found.message}); ${there}`)
  }
  if (!found.isCharacterDevice()) return problem(`${port} is no serial port, for it is no character device`)
  if (await isAccessible(port)) return { level: 'ok', sentence: `${board}: ${port} can be opened` }
  return problem(`you may not open ${port}: ${await groupRemedy(found.gid)}`)
}

async function isAccessible(port: string): Promise<boolean> {
  try {
    await access(port, constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}

async function groupRemedy(gid: number): Promise<string> {
  const group = await groupName(gid)
  if (group === undefined || gid === 0) {
    return 'it belongs to no group that people are in; a rule of udev gives it to one: SUBSYSTEM=="tty", GROUP="dialout", MODE="0660"'
  }
  const { username } = userInfo()
  return `it belongs to the group ${group}; sudo usermod -aG ${group} ${username}, then log in again (newgrp ${group} does for one shell)`
}

async function groupName(gid: number): Promise<string | undefined> {
  const groups = await readFile('/etc/group', 'utf8').catch(() => '')
  return groups
    .split('\n')
    .map((line) => line.split(':'))
    .find(([, , id]) => id === String(gid))?.[0]
}
