import { html } from 'hono/html';
import { FAULT_FIELDS, FAULT_NAMES } from './faultFields';
import type { Html } from './page';
import type { Faults } from './types';

function control(name: keyof Faults, value: unknown): Html {
	const { kind } = FAULT_FIELDS[name];
	const text = value === undefined ? '' : String(value);
	if (kind === 'switch') {
		const checked = value === true || value === 'on' ? 'checked' : '';
		return html`<input type="checkbox" id="${name}" name="${name}" ${checked} />`;
	}
	if (typeof kind !== 'string') {
		return html`<select id="${name}" name="${name}">
			${['', ...kind].map(
				(word) => html`<option ${word === text ? 'selected' : ''}>${word}</option>`,
			)}
		</select>`;
	}
	const type = kind === 'header' ? 'text' : 'number';
	const range = kind === 'status' ? html`min="200" max="599"` : html`min="0"`;
	return html`<input id="${name}" name="${name}" type="${type}" value="${text}" ${range} />`;
}

/**
 * Sets the faults.
 *
 * @param values what the fields hold: the faults as they are, or what was typed and refused
 */
export const faultForm = (values: Record<string, unknown>, error?: string): Html =>
	html`<section class="box" aria-labelledby="faults">
		<h2 id="faults">Faults</h2>
		${error ? html`<p class="error" role="alert">${error}</p>` : ''}
		<form method="post" action="/admin/faults">
			<div class="fields">
				${FAULT_NAMES.map(
					(name) =>
						html`<div>
							<label for="${name}"
								>${name} <span class="hint">${FAULT_FIELDS[name].text}</span></label
							>
							${control(name, values[name])}
						</div>`,
				)}
			</div>
			<button type="submit">Set faults</button>
		</form>
		<form method="post" action="/admin/faults">
			<button type="submit" class="second">Clear faults</button>
		</form>
	</section>`;
