import assert from 'node:assert/strict'
import { isBenchFailure } from '../../../src/core/bench-failure.ts'
import { HilError, toSerializedError } from '../../../src/core/errors.ts'
import { isHostFailure } from '../../../src/core/host-failure.ts'
import { reasonOf } from '../../../src/core/reason-of.ts'

const failure = (code: string, message: string, cause?: Error) =>
  new HilError(code, message, { blame: 'infrastructure', cause })
const ofNode = (code: string) => Object.assign(new Error(`${code}: no such luck, write`), { code })
const ofCall = (code: string, errno: number) => Object.assign(ofNode(code), { errno, syscall: 'connect' })

describe('A failure of the host', () => {
  const ofHost: readonly HilError[] = [
    failure('report.write', "junit.xml can't be written: ENOSPC: no space left on device, write"),
    failure('files.unreadable', "Image can't be copied", ofNode('ENOSPC')),
    failure('power.unreachable', "pdu1 can't be reached", ofNode('ENETUNREACH')),
    failure('power.unreachable', "pdu1 can't be reached: getaddrinfo EAI_AGAIN pdu1"),
    failure('power.unreachable', `pdu1 can't be reached: ${reasonOf(ofCall('EAI_AGAIN', -3001))}`),
    failure('power.unreachable', `pdu1 can't be reached: ${reasonOf(ofCall('ENETUNREACH', -101))}`),
    failure('power.command-failed', 'curl failed (exit code 7): Network is unreachable'),
    failure('tool.unreachable', 'ssh: Temporary failure in name resolution'),
    failure('tftp.port-in-use', "the TFTP server can't listen on port 69: another program does"),
    failure('coordinator.unreachable', 'the coordinator at lab:20408 does not answer'),
  ]
  for (const error of ofHost) {
    it(`is "${error.message}", which speaks against no board`, () => {
      for (const form of [error, toSerializedError(error)]) {
        assert.ok(isHostFailure(form))
        assert.ok(!isBenchFailure(form))
      }
    })
  }

  const ofBench: readonly HilError[] = [
    failure('power.unreachable', "pdu1 can't be reached", ofNode('ECONNREFUSED')),
    failure('power.unreachable', "pdu1 can't be reached", ofNode('EHOSTUNREACH')),
    failure('transport.unplugged', 'the console was unplugged', ofNode('EIO')),
    failure('boot.fetch-failed', 'the board said "Network is unreachable"'),
    failure('command.garbled', 'the board said "write: No space left on device"'),
  ]
  for (const error of ofBench) {
    it(`is not "${error.message}" (${error.cause instanceof Error ? error.cause.message : error.code})`, () => {
      for (const form of [error, toSerializedError(error)]) {
        assert.ok(!isHostFailure(form))
        assert.ok(isBenchFailure(form))
      }
    })
  }
})
