import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import { secretReference } from '../../board/option-types.ts'
import { readEnvironment } from '../command-options.ts'
import { patternOption } from '../../board/pattern-option.ts'
import { openHttpDevice, type HttpAnswer, type HttpRequest } from './http/http-device.ts'
import { valueAtPointer } from './http/json-pointer.ts'
import { hostOf, httpOptions } from './http/options.ts'
import { quoted, refused, unexpectedAnswer } from './power-errors.ts'
import { stateByPatterns, statePatterns } from './state-by-patterns.ts'

const requestOptions = {
  path: z
    .string()
    .min(1)
    .describe('Path and query below "url"; {outlet} stands for the outlet, here and in "body".')
    .meta({ examples: ['/relay/{outlet}'] }),
  method: z
    .enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
    .optional()
    .describe('HTTP method; else GET, or POST where there is a body.'),
  body: z.string().optional().describe('What is sent.'),
  headers: z
    .record(z.string(), z.union([z.string(), secretReference]))
    .default({})
    .describe('Headers of the request; a value may be a reference to a secret.'),
}

const command = z.strictObject({
  ...requestOptions,
  success: patternOption(
    'Must match the answer, where the device reports errors with status 200.',
  ).optional(),
})

const restSchema = z.strictObject({
  ...httpOptions,
  outlet: z
    .union([z.string().min(1), z.int()])
    .default('')
    .describe('What {outlet} stands for.'),
  on: command.describe('The request that switches on.'),
  off: command.describe('The request that switches off.'),
  state: z
    .strictObject({
      ...requestOptions,
      pointer: z
        .string()
        .regex(/^(\/.*)?$/, { error: 'write a JSON pointer: /outputs/0/state' })
        .optional()
        .describe('JSON pointer (RFC 6901) to the value in the answer; the whole answer if absent.'),
      ...statePatterns,
    })
    .optional()
    .describe('Reads the outlet back. Without it hil takes the word of "on" and "off".'),
})

type Options = z.output<typeof restSchema>
type RequestOptions = Omit<Options['on'], 'success'>

export const restPower = definePowerSwitch({
  name: 'rest',
  summary: 'Anything that is switched by HTTP requests of your choice, such as a home automation.',
  schema: restSchema,
  resources: ({ url, outlet, on }) => [`outlet:${hostOf(url)}/${outlet === '' ? on.path : outlet}`],
  async open(options, context) {
    const device = await openHttpDevice('the switch', options, context)
    const outlet = encodeURIComponent(options.outlet)

    const prepare = async ({ path, method, body, headers }: RequestOptions): Promise<HttpRequest> => ({
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      path: path.replaceAll('{outlet}', outlet),
      headers: await readEnvironment(headers, context),
      outlet: options.outlet === '' ? path : options.outlet,
      ...(body === undefined ? {} : { body: body.replaceAll('{outlet}', String(options.outlet)) }),
    })
    const [on, off] = await Promise.all([prepare(options.on), prepare(options.off)])
    const state = options.state && (await prepare(options.state))

    const succeed = (what: string, { text }: HttpAnswer, success: string | undefined) => {
      if (success !== undefined && !new RegExp(success).test(text))
        throw refused(device.name, what, quoted(text))
    }
    return {
      on: async (t) => succeed('switch on', await device.request(on, t), options.on.success),
      off: async (t) => succeed('switch off', await device.request(off, t), options.off.success),
      state: async (t) => {
        if (state === undefined || options.state === undefined) return 'unknown'
        const answer = await device.request(state, t)
        const { pointer } = options.state
        if (pointer === undefined) return stateByPatterns(answer.text.trim(), options.state, context.log)
        const value = valueAtPointer(answer.as(z.unknown()), pointer)
        if (value === undefined) throw unexpectedAnswer(device.name, answer.text)
        return stateByPatterns(
          typeof value === 'string' ? value : JSON.stringify(value),
          options.state,
          context.log,
        )
      },
    }
  },
})
