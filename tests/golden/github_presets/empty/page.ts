export const providerPresets: ProviderPreset[] = [ { name: "Maker", websiteUrl: "https://maker.example.test", category: "official" } ];
