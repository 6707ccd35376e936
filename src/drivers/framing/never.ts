/** A pattern that matches nothing, for where none is wanted. */
export const never = /(?!)/
