export const providerPresets: ProviderPreset[] = [
  { name: "Maker Official", websiteUrl: "https://maker.example.test", category: "official", settingsConfig: { env: {} } },
  {
    name: "Lantern",
    websiteUrl: "https://www.lantern.example.test",
    apiKeyUrl: "https://www.lantern.example.test/register?aff=x",
    settingsConfig: { env: { ANTHROPIC_BASE_URL: "https://api.lantern.example.test" } },
    category: "third_party",
    isPartner: true,
  },
  { name: 'Cloud', websiteUrl: 'https://cloud.example.test', category: 'cloud_provider' },
  { name: `Sundial`, baseUrl: `https://sundial.example.test/v1`, category: "aggregator" },
];
