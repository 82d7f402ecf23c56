import { sentences } from '../../../nodes/Konnect/payment/sentences';

describe('texts that are put one after the other', () => {
	it.each([
		[['One', 'two'], 'One. two.'],
		[['One.', 'Two?', 'Three…'], 'One. Two? Three…'],
		[['Konnect says: "No."', 'Correct it'], 'Konnect says: "No." Correct it.'],
		[['Konnect says: "No"', 'Correct it.'], 'Konnect says: "No". Correct it.'],
		[['(It is so.)', 'Yes'], '(It is so.) Yes.'],
		[['One. Two', 'Three… four', 'Five'], 'One. Two. Three… four. Five.'],
		[['', undefined, null, false, '  ', ' One '], 'One.'],
		[[], ''],
	])('%j read %p', (parts, text) => {
		expect(sentences(...(parts as string[]))).toBe(text);
	});
});
