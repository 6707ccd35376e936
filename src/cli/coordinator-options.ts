import type { Options, PositionalOptions } from 'yargs'
import { once } from './shared-options.ts'
import { usageError } from './usage-error.ts'

/** Which coordinator a command asks, by the options of labgrid-client. */
export const coordinatorOptions = {
  coordinator: {
    type: 'string',
    alias: 'x',
    requiresArg: true,
    description: "labgrid's coordinator, HOST[:PORT]; $LG_COORDINATOR, or 127.0.0.1:20408",
    coerce: once('--coordinator'),
  },
  tls: { type: 'boolean', description: 'Speak to it under TLS' },
  ca: {
    type: 'string',
    requiresArg: true,
    description: 'The same, where this PEM file has who signed its certificate',
    coerce: once('--ca'),
  },
} as const satisfies Record<string, Options>

/** The place a command is about, by the option of labgrid-client. */
export const placeOption = {
  place: {
    type: 'string',
    alias: 'p',
    requiresArg: true,
    description: 'Name or alias of the place, a part of it, or +TOKEN of a reservation; $LG_PLACE',
    coerce: once('--place'),
  },
} as const satisfies Record<string, Options>

/** The reservation a command is about. */
export const tokenPositional = {
  token: { type: 'string', description: 'Token of the reservation; $LG_TOKEN' },
} as const satisfies Record<string, PositionalOptions>

/** What yargs makes of them, as commands take it. */
export function coordinatorArguments(args: {
  readonly coordinator?: string | undefined
  readonly tls?: boolean | undefined
  readonly ca?: string | undefined
}) {
  return { coordinator: args.coordinator, tls: args.tls ?? false, ca: args.ca }
}

/** `+` alone is the reservation in `$LG_TOKEN`, as for labgrid-client. */
export function chosenPlace(place: string | undefined): string {
  const chosen = place ?? process.env['LG_PLACE'] ?? ''
  if (chosen === '') throw usageError('name a place with -p, or in $LG_PLACE ("hil lab places" lists them)')
  if (chosen !== '+') return chosen
  const token = process.env['LG_TOKEN'] ?? ''
  if (token === '') throw usageError('"-p +" is the reservation in $LG_TOKEN, which is not set')
  return `+${token}`
}

export function chosenToken(token = process.env['LG_TOKEN'] ?? ''): string {
  if (token === '') throw usageError('name the token of the reservation, or set $LG_TOKEN')
  return token
}
