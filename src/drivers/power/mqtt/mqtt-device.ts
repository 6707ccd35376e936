import type { IClientOptions, MqttClient } from 'mqtt'
import type { DriverContext } from '../../../board/driver.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError, messageOf } from '../../../core/errors.ts'
import { exchange } from '../exchange.ts'
import { loginRefused, refused, unreachable } from '../power-errors.ts'
import { readCertificate } from '../read-certificate.ts'
import { brokerOf, type MqttOptions } from './options.ts'

export interface MqttMessage {
  readonly topic: string
  readonly payload: string
  /** It was kept by the broker from earlier, and says nothing of what was just asked. */
  readonly isRetained: boolean
}

export interface Question<T> {
  /** Topics on which the answer comes. */
  readonly listen: readonly string[]
  /** Sent once the answer can be heard. */
  readonly publish: readonly { readonly topic: string; readonly payload: string; readonly retain?: boolean }[]
  /** The answer in a message; `undefined` where it is none. What it throws ends the wait. */
  readonly pick: (message: MqttMessage) => T | undefined
}

/** A device behind a broker, by the name that messages call it. */
export interface MqttDevice {
  readonly name: string
  ask<T>(question: Question<T>, t: Deadline): Promise<T>
  publish(topic: string, payload: string, retain: boolean, t: Deadline): Promise<void>
}

/**
 * @param what the device, as in "the Tasmota rack3"
 * @param whySilent what may be the reason for silence
 */
export async function openMqttDevice(
  what: string,
  whySilent: string | undefined,
  options: MqttOptions,
  { secret }: Pick<DriverContext, 'secret'>,
): Promise<MqttDevice> {
  const { broker, user, password, ca, timeout } = options
  const name = `${what} at ${brokerOf(broker)}`
  const settings: IClientOptions = {
    // A connection for each question: one that was lost is made anew, and nothing is left open.
    reconnectPeriod: 0,
    connectTimeout: timeout,
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password: await secret(password) }),
    ...(ca === undefined ? {} : { ca: await readCertificate(ca) }),
  }

  const connected = <T>(t: Deadline, work: (client: MqttClient, own: Deadline) => Promise<T>) =>
    exchange({ name, timeoutMs: timeout, ...(whySilent && { whySilent }) }, t, async (own) => {
      const { connect } = await import('mqtt')
      own.throwIfOver()
      const client = connect(broker, settings)
      try {
        await own.race(connection(client, name))
        return await own.race(work(client, own))
      } catch (error) {
        own.throwIfOver()
        // The client's own words for a broker that went away.
        throw error instanceof HilError ? error : unreachable(name, error)
      } finally {
        // By force: it would wait for what the broker has not confirmed.
        client.end(true)
      }
    })

  const send = async (client: MqttClient, topic: string, payload: string, retain: boolean) => {
    await client.publishAsync(topic, payload, { qos: 1, retain })
  }
  return {
    name,
    publish: (topic, payload, retain, t) => connected(t, (client) => send(client, topic, payload, retain)),
    ask: ({ listen, publish, pick }, t) =>
      connected(t, async (client) => {
        const answer = firstAnswer(client, pick)
        answer.catch(() => undefined)
        const grants = await client.subscribeAsync([...listen], { qos: 1 })
        const denied = grants.find(({ qos }) => qos === (128 as number))
        if (denied !== undefined) throw loginRefused(name, `the broker lets nobody listen to ${denied.topic}`)
        for (const { topic, payload, retain = false } of publish) await send(client, topic, payload, retain)
        return answer
      }),
  }
}

/** CONNACK return codes of MQTT 3.1.1: bad user name or password, not authorized. */
const badLogins: readonly unknown[] = [4, 5]

function connection(client: MqttClient, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('connect', () => resolve())
    // It stays: an error that nobody listens to would end the process.
    client.on('error', (error) => {
      const { code } = error as { code?: unknown }
      reject(badLogins.includes(code) ? loginRefused(name, error.message) : unreachable(name, error))
    })
    client.once('close', () => reject(unreachable(name, new Error('the broker closed the connection'))))
  })
}

function firstAnswer<T>(client: MqttClient, pick: Question<T>['pick']): Promise<T> {
  return new Promise((resolve, reject) => {
    client.on('message', (topic, payload, { retain }) => {
      try {
        const answer = pick({ topic, payload: payload.toString(), isRetained: retain })
        if (answer !== undefined) resolve(answer)
      } catch (error) {
        reject(error instanceof Error ? error : refused(topic, 'answer', messageOf(error)))
      }
    })
    client.once('close', () => reject(new Error('the broker closed the connection')))
  })
}
