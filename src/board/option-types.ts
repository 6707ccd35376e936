import { z } from 'zod'
import { parseDuration } from '../core/duration.ts'
import { parseUsbSelector, usbPrefix } from './usb-selector.ts'

/**
 * Options that name files, so that the environment can resolve them against the file they stand in. What
 * begins with `except` names something else.
 */
export const pathOptions = z.registry<{ readonly path: true; readonly except?: string }>()

/** A path; relative ones are resolved against the environment file before validation. */
export function path(description: string) {
  return z.string().min(1).describe(description).register(pathOptions, { path: true })
}

/** A serial port: its path, or which USB adapter it is. */
export function serialPort(description: string) {
  return z
    .string()
    .min(1)
    .superRefine((value, context) => {
      const selector = value.startsWith(usbPrefix) ? parseUsbSelector(value) : undefined
      if (typeof selector === 'string') context.addIssue({ code: 'custom', message: selector })
    })
    .describe(
      `${description} A path such as one of /dev/serial/by-id, or a USB adapter: usb:SERIAL-NUMBER, usb:path=1-1.4,interface=0.`,
    )
    .register(pathOptions, { path: true, except: usbPrefix })
}

/** Options that are durations, so that a resolved environment can be written with units again. */
export const durationOptions = z.registry<{ duration: true }>()

/** A duration (`30s`, `1.5 min`, `250ms`; a bare number is seconds) -> milliseconds. */
export function duration(description: string) {
  return z
    .union([z.number().nonnegative(), z.string()])
    .describe(`${description} A duration such as 30s, 1.5 min or 250ms; a bare number is seconds.`)
    .transform((value, context) => {
      const ms = parseDuration(String(value))
      if (ms !== undefined) return ms
      context.addIssue({ code: 'custom', message: `"${value}" is no duration; write 30s, 1.5 min or 250ms` })
      return z.NEVER
    })
    .register(durationOptions, { duration: true })
}

/** Options that refer to a secret: a value written out in their place is never shown. */
export const secretOptions = z.registry<{ secret: true }>()

/** Where a secret is found. The value itself never stands in an environment, an event or a report. */
export const secretReference = z
  .union([
    z.strictObject({
      env: z.string().min(1).describe('Name of the environment variable that holds the secret.'),
    }),
    z.strictObject({ file: path('File whose first line is the secret.') }),
  ])
  .describe('A reference to a secret: { env: NAME } or { file: PATH }.')
  .register(secretOptions, { secret: true })

export type SecretReference = z.output<typeof secretReference>

/** Options that hold a driver with its options: a kind of the catalogue, written `{ driver: NAME, ... }`. */
export const driverSections = z.registry<{ kind: string }>()
