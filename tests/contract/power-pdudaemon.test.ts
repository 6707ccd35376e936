import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pdudaemonPower } from '../../src/drivers/power/pdudaemon.ts'
import type { TestContext } from '../support/driver-context.ts'
import { freePort } from '../support/free-port.ts'
import { startServer, type ServerProcess } from '../support/power/server-process.ts'
import { describePowerSwitch } from './power-switch-contract.ts'

interface Daemon {
  readonly server: ServerProcess
  readonly url: string
}

const daemons = new WeakMap<TestContext, Daemon>()
const daemonOf = (context: TestContext) => daemons.get(context) as Daemon

const outletOf = ({ temporaryDirectory }: TestContext) => join(temporaryDirectory, 'outlet')
/** A PDU whose relays stick. */
const stuckOf = ({ temporaryDirectory }: TestContext) => join(temporaryDirectory, 'stuck')

/** A real pdudaemon, whose one PDU is a command that writes into files. */
async function startDaemon(context: TestContext): Promise<Daemon> {
  const port = await freePort()
  const command = (state: string) => `test -e ${stuckOf(context)} || echo ${state} > ${outletOf(context)}-%d`
  const file = join(context.temporaryDirectory, 'pdudaemon.conf')
  const pdus = { bench: { driver: 'localcmdline', cmd_on: command('on'), cmd_off: command('off') } }
  await writeFile(file, JSON.stringify({ daemon: { hostname: '127.0.0.1', port, listener: 'http' }, pdus }))
  const server = await startServer(['pdudaemon', '--conf', file], (line) => line.includes('Listening on'))
  context.undo.defer('pdudaemon', () => server[Symbol.asyncDispose]())
  return { server, url: `http://127.0.0.1:${port}` }
}

describePowerSwitch({
  name: 'pdudaemon',
  needs: ['pdudaemon'],
  readsBack: false,
  create: async (context, t) => {
    const daemon = await startDaemon(context)
    daemons.set(context, daemon)
    return pdudaemonPower.open(
      pdudaemonPower.schema.parse({ url: daemon.url, pdu: 'bench', port: 3 }),
      context,
      t,
    )
  },
  hasPower: async (context) =>
    (await readFile(`${outletOf(context)}-3`, 'utf8').catch(() => 'off')).trim() === 'on',
  wrongOutlet: {
    create: (context, t) => {
      const options = { url: daemonOf(context).url, pdu: 'bunch', port: 3 }
      return pdudaemonPower.open(pdudaemonPower.schema.parse(options), context, t)
    },
    code: 'power.no-outlet',
  },
  wrongPassword: { never: 'pdudaemon asks for none' },
  hang: (context) => {
    daemonOf(context).server.hang()
  },
  lie: (context) => writeFile(stuckOf(context), ''),
  fail: { never: "Debian's pdudaemon says OK, whatever becomes of the PDU" },
})
