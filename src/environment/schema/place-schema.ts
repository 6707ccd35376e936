import { z } from 'zod'
import { coordinatorSchema } from './coordinator-schema.ts'

const resource = (what: string) =>
  z.string().min(1).describe(`Name of the resource that is ${what}.`).optional()

/** The keys of a board that labgrid's coordinator shares, in place of "machine", or of "power" and "console". */
export const placeOptions = {
  place: z
    .string()
    .min(1)
    .describe("The board is this place of labgrid's coordinator: its name, or an alias.")
    .optional(),
  reserve: z
    .record(z.string().min(1), z.union([z.string().min(1), z.number().transform(String)]))
    .refine((tags) => Object.keys(tags).length > 0, { error: 'name at least one tag: { board: rock3a }' })
    .describe("The board is any place of labgrid's coordinator that has these tags.")
    .optional(),
  coordinator: coordinatorSchema.optional(),
  use: z
    .strictObject({
      power: resource('its power switch'),
      console: resource('its console'),
      ssh: resource('its login over the network'),
      files: resource('the file server it boots from'),
      storage: resource('the mux of its memory card'),
    })
    .describe('Which resources of the place are what, where it has several of a kind.')
    .optional(),
}

export type PlaceSettings = z.output<z.ZodObject<typeof placeOptions>>
