import type { Mutation } from './n8n';
export const MUTATIONS: Readonly<Record<string, Mutation>> = {};
