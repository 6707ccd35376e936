import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { execa } from 'execa'
import { freePort } from '../free-port.ts'
import { startServer, type ServerProcess } from './server-process.ts'

/** Debian's mosquitto, and a plug of two kinds behind it, which are mosquitto_sub and mosquitto_pub. */
export interface MqttPlugs extends AsyncDisposable {
  readonly url: string
  readonly broker: ServerProcess
  reset(): Promise<void>
  /** The plug of somebody's own has done what it was sent. */
  settle(): Promise<void>
  /** @param plug tasmota1, tasmota2 or plain */
  isOn(plug: string): Promise<boolean>
  /** The relays stick, or the plug says that it does not understand. */
  fail(how: 'lies' | 'fails'): Promise<void>
}

export const mqttLogin = { user: 'lab', password: 'hunter2' }

/**
 * Two devices: a Tasmota of two relays called "rack3" (cmnd/rack3/POWER2 ON -> stat/rack3/POWER2 ON), and one of
 * somebody's own (lab/plug/set {"state":"ON"} -> lab/plug, kept by the broker).
 */
const plugProgram = (port: number, directory: string) => `
client="-h 127.0.0.1 -p ${port} -u ${mqttLogin.user} -P ${mqttLogin.password}"
cd ${directory}
stdbuf -oL mosquitto_sub $client -d -t 'cmnd/rack3/+' -t lab/plug/set -t lab/plug/get -F 'MESSAGE %t %p' | while read -r kind topic payload; do
  if test "$kind" != MESSAGE; then echo "$kind $topic $payload"; continue; fi
  fault=$(cat fault 2>/dev/null)
  case $topic in
  cmnd/rack3/POWER[12])
    if test "$fault" = fails; then
      mosquitto_pub $client -t stat/rack3/RESULT -m '{"Command":"Error"}'
      continue
    fi
    test -n "$payload" -a "$fault" != lies && echo "$payload" > "tasmota\${topic##*POWER}"
    state=$(cat "tasmota\${topic##*POWER}")
    mosquitto_pub $client -t stat/rack3/RESULT -m "{\\"\${topic##*/}\\":\\"$state\\"}"
    mosquitto_pub $client -t "stat/rack3/\${topic##*/}" -m "$state";;
  lab/plug/*)
    case $fault$payload in *ON*) state=ON;; *OFF*) state=OFF;; *) state=$(cat plain);; esac
    # Whoever looks meanwhile must not find it empty.
    test "$fault" != lies && echo "$state" > next && mv next plain
    # What is asked alone: a command that comes next would hide the mark from whoever waits for it.
    test $topic = lab/plug/get && echo "$payload" > settled
    mosquitto_pub $client -r -t lab/plug -m "{\\"state\\":\\"$(cat plain)\\",\\"linkquality\\":80}";;
  esac
done`

export async function startMqttPlugs(): Promise<MqttPlugs> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-mqtt-'))
  const port = await freePort()
  const passwords = join(directory, 'passwords')
  await execa('mosquitto_passwd', ['-b', '-c', passwords, mqttLogin.user, mqttLogin.password])
  const config = join(directory, 'mosquitto.conf')
  const user = process.getuid?.() === 0 ? ['user root'] : []
  await writeFile(
    config,
    [`listener ${port} 127.0.0.1`, 'allow_anonymous false', `password_file ${passwords}`, ...user].join('\n'),
  )
  const broker = await startServer(['mosquitto', '-c', config], (line) => line.includes('running'))
  await Promise.all(['tasmota1', 'tasmota2', 'plain'].map((plug) => writeFile(join(directory, plug), 'OFF')))
  const plug = await startServer(['sh', '-c', plugProgram(port, directory)], (line) =>
    line.includes('Subscribed'),
  )
  const login = ['-h', '127.0.0.1', '-p', String(port), '-u', mqttLogin.user, '-P', mqttLogin.password]
  return {
    url: `mqtt://127.0.0.1:${port}`,
    broker,
    async reset() {
      broker.wake()
      await rm(join(directory, 'fault'), { force: true })
      await Promise.all(
        ['tasmota1', 'tasmota2', 'plain'].map((name) => writeFile(join(directory, name), 'OFF')),
      )
      await execa('mosquitto_pub', [...login, '-r', '-t', 'lab/plug', '-m', '{"state":"OFF"}'])
    },
    async settle() {
      const mark = randomUUID()
      await execa('mosquitto_pub', [...login, '-t', 'lab/plug/get', '-m', mark])
      while ((await readFile(join(directory, 'settled'), 'utf8').catch(() => '')).trim() !== mark)
        await wait(1)
    },
    isOn: async (name) => (await readFile(join(directory, name), 'utf8')).trim() === 'ON',
    fail: (how) => writeFile(join(directory, 'fault'), how),
    async [Symbol.asyncDispose]() {
      await plug[Symbol.asyncDispose]()
      await broker[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
