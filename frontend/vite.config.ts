import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";

const server = process.env.VASI_SERVER ?? "http://127.0.0.1:8787";

export default defineConfig({
  plugins: [
    react(),
    tailwindcss(),
    VitePWA({
      registerType: "prompt", // never reload in the middle of a conversation
      injectRegister: false,
      includeAssets: ["icon.svg", "icon-192.png", "icon-512.png", "worklets/*.js"],
      manifest: {
        id: "/",
        name: "vasi",
        short_name: "vasi",
        description: "Talk to your own documents and notes.",
        start_url: "/",
        display: "standalone",
        background_color: "#faf9f7",
        theme_color: "#faf9f7",
        icons: [
          { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
          { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
          { src: "/icon-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        ],
      },
      workbox: {
        navigateFallback: "/index.html",
        navigateFallbackDenylist: [/^\/(api|auth|v1|openai|healthz|readyz)(\/|$)/],
        globPatterns: ["**/*.{js,css,html,svg,png,woff2}"],
        globIgnores: ["**/pdf*.js"], // fetched when the first PDF is opened
        runtimeCaching: [],
      },
    }),
  ],
  build: {
    outDir: "../src/vasi/web/dist",
    emptyOutDir: true,
    sourcemap: false,
    target: "es2022",
    // What the first screen needs comes in two files, and not in a dozen that wait for each other.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "libraries", test: /node_modules\/(?!pdfjs-dist|workbox)/ },
            {
              name: "app",
              test: /src\/(api\/(cache|http|live)|audio|realtime|shell|state|talk|i18n\/(index|problem)|i18n\/locales\/en\.)/,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      "/api": server,
      "/auth": server,
      "/v1": { target: server, ws: true },
      "/readyz": server,
    },
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"] },
});
