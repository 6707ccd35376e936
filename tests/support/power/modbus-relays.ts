import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../free-port.ts'
import { startServer } from './server-process.ts'

/** Debian's pymodbus as eight relays, whose coils are kept in a file. */
export interface ModbusRelays extends AsyncDisposable {
  /** Of TCP. */
  readonly port: number
  reset(): Promise<void>
  /** They answer nothing until they are reset. */
  hang(): void
  isOn(coil: number): Promise<boolean>
  fail(how: 'lies' | 'fails'): Promise<void>
}

const program = `
import sys, os, threading, time
from pymodbus.server import StartTcpServer, StartSerialServer
from pymodbus.datastore import ModbusSequentialDataBlock, ModbusSlaveContext, ModbusServerContext
from pymodbus.transaction import ModbusRtuFramer
directory, line, unit = sys.argv[1:]
def fault():
    path = directory + '/fault'
    return open(path).read() if os.path.exists(path) else ''
class Relays(ModbusSequentialDataBlock):
    def getValues(self, address, count=1):
        states = open(directory + '/coils').read()
        return [states[one] == '1' for one in range(address, address + count)]
    def setValues(self, address, values):
        if fault() == 'fails': raise RuntimeError('relay driver')
        if fault() == 'lies': return
        states = list(open(directory + '/coils').read())
        states[address] = '1' if values[0] else '0'
        open(directory + '/coils', 'w').write(''.join(states))
slave = ModbusSlaveContext(co=Relays(0, [0] * 8), zero_mode=True)
context = ModbusServerContext(slaves={int(unit): slave}, single=False)
def say_ready():
    # A line that is being opened is emptied first: what was sent before is lost.
    while not any(os.path.realpath(line) == os.path.realpath(fd.path) for fd in os.scandir('/proc/self/fd')): time.sleep(0.01)
    time.sleep(0.05)
    print('ready', flush=True)
if line.isdigit(): print('ready', flush=True)
else: threading.Thread(target=say_ready, daemon=True).start()
if line.isdigit(): StartTcpServer(context=context, address=('127.0.0.1', int(line)))
else: StartSerialServer(context=context, framer=ModbusRtuFramer, port=line, baudrate=9600, timeout=0.05)
`

/** @param line the serial port that the relays are at; absent: TCP */
export async function startModbusRelays(line?: string, unit = 7): Promise<ModbusRelays> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-modbus-'))
  const port = await freePort()
  const coils = join(directory, 'coils')
  const argv = ['/usr/bin/python3', '-I', '-c', program, directory, line ?? String(port), String(unit)]
  const start = async () => {
    const server = await startServer(argv, (said) => said === 'ready')
    if (line === undefined) await untilListening(port)
    return server
  }
  let server = await start()
  let hangs = false
  return {
    port,
    async reset() {
      if (hangs) {
        // One that goes on would first do what it was sent meanwhile.
        await server[Symbol.asyncDispose]()
        server = await start()
        hangs = false
      }
      await rm(join(directory, 'fault'), { force: true })
      await writeFile(coils, '00000000')
    },
    hang() {
      hangs = true
      server.hang()
    },
    isOn: async (coil) => (await readFile(coils, 'utf8'))[coil] === '1',
    fail: (how) => writeFile(join(directory, 'fault'), how),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** It says nothing when it listens. */
async function untilListening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isThere) return
    await wait(10)
  }
}
