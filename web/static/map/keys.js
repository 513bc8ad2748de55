// What a person draws and keeps is theirs, also where several share a browser.

const person = () => document.getElementById("bell")?.dataset.person ?? document.body.dataset.person ?? "";

export const drawnKey = () => `citygrid-drawn:${person()}`;
export const viewsKey = () => `citygrid-views:${person()}`;
