// Starts the app in the page. Everything below this file draws what the server answered; numbers are never made here.
import { mount } from 'svelte';
import './tokens.css';
import App from './app.svelte';
import { startTheme } from './state/theme.svelte.ts';

startTheme();
const target = document.getElementById('app');
if (target !== null) mount(App, { target });
