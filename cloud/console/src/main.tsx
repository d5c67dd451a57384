// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

import "./style/colours.css";
import "./style/base.css";
import "./style/screens.css";

import { createRoot } from "react-dom/client";

import { App } from "./app";

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
