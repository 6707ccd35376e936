import { access, constants, readFile, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { messageOf, HilError } from '../../../core/errors.ts'
import type { StepFinding } from '../../../core/examination.ts'
import type { BoardSpec } from '../../../environment/environment.ts'
import { resourcesOf } from '../../../lab/board-resources.ts'
import { findPortDevice } from '../../../transports/serial/port-device.ts'
import { requireFreePort } from '../../../transports/serial/port-problems.ts'
import { failed, failedBy, ok } from '../step.ts'

const prefix = 'serial:'

/** Whether the serial ports of a board are there, may be opened and are free; none is opened: that would set its lines. */
export async function portFindings(spec: BoardSpec): Promise<readonly StepFinding[]> {
  const ports = resourcesOf(spec).filter((resource) => resource.startsWith(prefix))
  return Promise.all(ports.map((port) => portFinding(port.slice(prefix.length))))
}

async function portFinding(port: string): Promise<StepFinding> {
  let device: string
  try {
    device = await findPortDevice(port)
  } catch (error) {
    return failedBy(error, 'plug it in, or name the one that is: "hil suggest" shows them as environments do')
  }
  if (!(await isAccessible(device))) {
    return failed(`you may not open ${port}`, await groupRemedy((await stat(device)).gid), 'environment')
  }
  try {
    requireFreePort(port, device)
    return ok(`${port} is there, may be opened and is free`)
  } catch (error) {
    return failed(messageOf(error), freeingRemedy(error))
  }
}

async function isAccessible(device: string): Promise<boolean> {
  try {
    await access(device, constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** @param error of a port that somebody has open */
function freeingRemedy(error: unknown): string {
  const { holders = [] } = (error instanceof HilError ? error.details : {}) as {
    readonly holders?: readonly { readonly pid: number; readonly command: string }[]
  }
  if (holders.some(({ command }) => command.includes('ModemManager'))) {
    return 'have ModemManager leave serial adapters alone: a rule of udev, ENV{ID_MM_DEVICE_IGNORE}="1", or sudo systemctl disable --now ModemManager'
  }
  const pids = holders.map(({ pid }) => pid).join(' ')
  return `leave that program, or end it: kill ${pids}`
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
