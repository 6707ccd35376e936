import assert from 'node:assert/strict'
import { catalogue } from '../../src/app/catalogue.ts'
import './power-composites.test.ts'
import './power-http.test.ts'
import './power-machines.test.ts'
import './power-modbus.test.ts'
import './power-mqtt.test.ts'
import './power-pdudaemon.test.ts'
import './power-serial.test.ts'
import './power-snmp.test.ts'
import './power-switch.test.ts'
import './power-tools.test.ts'
import { hangs } from './power-switch-contract.ts'

const drivers = catalogue.filter(({ kind }) => kind === 'power').map(({ name }) => name)

/** It comes after the suites it looks back on: the files above are run first, whoever asks for them. */
describe('The power switches that environments can name', () => {
  it('are all held to the contract', () => {
    assert.deepEqual(
      drivers.filter((name) => !hangs.has(name)),
      ['modem-line'],
    )
  })

  it('were all made to hang, and waited no longer than they were given', () => {
    const missed = drivers.filter((name) => hangs.get(name) === 'not yet')
    assert.deepEqual(missed, [])
    const hung = drivers.filter((name) => hangs.get(name) === 'done')
    const excused = drivers.filter((name) => typeof hangs.get(name) === 'object')
    process.stdout.write(
      `      ${hung.length} of ${drivers.length} hung${excused.length > 0 ? `, not ${excused.join(', ')}` : ''}\n`,
    )
    // What this machine lacks is skipped above, each with its reason.
    assert.ok(hung.length + excused.length >= drivers.length - 1)
  })
})
